using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Alert;

internal sealed class ListCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();

    public ListCommand()
        : base("list", "When a tenant is warned, pool by pool.") =>
        Takes(tenant);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(Output.Rows(await client.ListAlerts(call.Get(tenant), stop)), TopupJson.Default.AlertView,
            new("TYPE", 20, row => row.Type),
            new("LOW PERCENT", 16, row => AlertText.Of(row.LowPercent)),
            new("LOW AMOUNT", 20, row => AlertText.Of(row.LowAmount)),
            new("RUNWAY DAYS", 11, row => row.RunwayDays),
            new("EXPIRING DAYS", 13, row => row.ExpiringDays),
            new("OWN", 0, row => row.Own is not null));
        return 0;
    }
}
