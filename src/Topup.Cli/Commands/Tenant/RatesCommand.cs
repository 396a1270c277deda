using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Tenant;

internal sealed class RatesCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Option<decimal?> amount = Symbols.Number("--amount", "Credits whose uses are counted too.");

    public RatesCommand()
        : base("rates", "What uses cost a tenant, and how many of each are left.") =>
        Takes(tenant, amount);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await RatesOutput.List(call, await client.GetTenantRates(call.Get(tenant), call.Get(amount), stop));
        return 0;
    }
}
