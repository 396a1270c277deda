using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Tenant;

internal sealed class ListCommand : Verb
{
    private readonly Option<string?> plan = Symbols.Text("--plan", "Only those on this plan.");
    private readonly Option<string?> status = Symbols.Text("--status", "Only active, lapsed or suspended ones.");

    public ListCommand()
        : base("list", "Tenants, in an order that stays.") =>
        Takes(plan, status);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListTenants(call.Get(plan), call.Get(status), stop: stop), TopupJson.Default.TenantView,
            new("ID", 24, row => row.Id),
            new("NAME", 24, row => row.Name),
            new("PLAN", 16, row => row.Plan),
            new("STATUS", 9, row => row.Status),
            new("RENEWS", 20, row => row.Period.EndsAt));
        return 0;
    }
}
