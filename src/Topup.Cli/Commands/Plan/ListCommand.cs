using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Plan;

internal sealed class ListCommand : Verb
{
    public ListCommand()
        : base("list", "Plans, by code.")
    {
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListPlans(stop), TopupJson.Default.PlanView,
            new("CODE", 20, row => row.Code),
            new("NAME", 24, row => row.Name),
            new("ALLOWANCES", 0, row => row.Allowances.Select(pair => $"{pair.Key}={pair.Value}")));
        return 0;
    }
}
