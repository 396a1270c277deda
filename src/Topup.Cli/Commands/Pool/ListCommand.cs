using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Pool;

internal sealed class ListCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();

    public ListCommand()
        : base("list", "What a tenant has now.") =>
        Takes(tenant);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(Output.Rows(await client.ListPools(call.Get(tenant), stop)), TopupJson.Default.PoolView,
            new("TYPE", 20, row => row.Type),
            new("STATUS", 9, row => row.Status),
            new("ALLOWANCE", 12, row => row.Remaining.Unlimited ? "unlimited" : row.Remaining.Allowance),
            new("PURCHASED", 12, row => row.Remaining.Purchased),
            new("HELD", 10, row => row.Remaining.Held),
            new("DEBT", 10, row => row.Remaining.Debt),
            new("RESETS", 20, row => row.Remaining.ResetsAt));
        return 0;
    }
}
