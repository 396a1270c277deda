using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.RateCard;

internal sealed class ListCommand : Verb
{
    private readonly Option<string?> plan = Symbols.Text("--plan", "Only those of this plan.");

    public ListCommand()
        : base("list", "Rate cards, by code.") =>
        Takes(plan);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListRateCards(call.Get(plan), stop), TopupJson.Default.RateCardView,
            new("CODE", 20, row => row.Code),
            new("PLAN", 20, row => row.Plan),
            new("EFFECTIVE FROM", 20, row => row.EffectiveFrom),
            new("RATES", 0, row => row.Rates.Count));
        return 0;
    }
}
