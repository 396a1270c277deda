using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.DryRun;

internal sealed class PlanChangeCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Option<string?> plan = Symbols.Text("--plan", "Code of the plan; left out: none.");
    private readonly Option<string?> status = Symbols.Text("--status", "active, lapsed or suspended; left out: as it is.");

    public PlanChangeCommand()
        : base("plan-change", "What another plan or status would do to a tenant.") =>
        Takes(tenant, plan, status);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new DryRunPlanChangeRequest { Tenant = call.Get(tenant), Plan = call.Get(plan), Status = call.Get(status) };
        var reply = await client.DryRunPlanChange(request, stop);
        await call.Output.List(Output.Rows(reply.Pools), TopupJson.Default.PoolChange,
            new("TYPE", 20, row => row.Type),
            new("STATUS", 22, row => $"{row.Before.Status} -> {row.After.Status}"),
            new("LIMIT", 24, row => $"{row.Before.Limit} -> {row.After.Limit}"),
            new("LEFT", 24, row => $"{row.Before.Left} -> {row.After.Left}"),
            new("PURCHASED", 12, row => row.After.Purchased),
            new("MAY TOP UP", 0, row => row.After.MayTopUp));
        if (reply.PacksNoLongerSold.Count > 0) call.Output.Say("No longer sold: " + string.Join(' ', reply.PacksNoLongerSold));
        return 0;
    }
}
