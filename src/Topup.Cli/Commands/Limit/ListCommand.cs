using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Limit;

internal sealed class ListCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();

    public ListCommand()
        : base("list", "A tenant's limits, and what is left of each.") =>
        Takes(tenant);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var limits = await client.ListLimits(call.Get(tenant), stop);
        await call.Output.List(Output.Rows(limits), TopupJson.Default.LimitView,
            new("CODE", 20, row => row.Code),
            new("SUBJECT", 16, row => row.Subject),
            new("USAGE TYPE", 16, row => row.UsageType),
            new("TYPE", 12, row => row.Type),
            new("CAP", 10, row => row.Off ? "off" : row.Cap?.Amount),
            new("OF", 8, row => row.Cap?.Measure),
            new("PER", 6, row => row.Cap?.Per),
            new("LEFT", 10, row => row.Left),
            new("UNTIL", 0, row => row.Until));
        return 0;
    }
}
