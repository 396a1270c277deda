using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Plan;

internal sealed class RatesCommand : Verb
{
    private readonly Argument<string> code = Symbols.Code();
    private readonly Option<decimal?> amount = Symbols.Number("--amount", "Credits whose uses are counted too.");
    private readonly Option<DateTimeOffset?> at = Symbols.Time("--at", "Prices of that moment");

    public RatesCommand()
        : base("rates", "What uses cost on a plan.") =>
        Takes(code, amount, at);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await RatesOutput.List(call, await client.GetPlanRates(call.Get(code), call.Get(amount), call.Get(at), stop));
        return 0;
    }
}
