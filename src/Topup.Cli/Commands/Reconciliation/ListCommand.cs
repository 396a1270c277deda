using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Reconciliation;

internal sealed class ListCommand : Verb
{
    public ListCommand()
        : base("list", "Comparisons, the newest first.")
    {
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListReconciliations(stop), TopupJson.Default.ReconciliationView,
            new("AT", 20, row => row.EndedAt),
            new("FROM", 20, row => row.From),
            new("UNTIL", 20, row => row.Until),
            new("BY", 12, row => row.Actor),
            new("LISTED", 8, row => ReconciliationOutput.Sum(row, method => method.Listed)),
            new("REPAIRED", 8, row => ReconciliationOutput.Sum(row, method => method.Repaired)),
            new("ORPHANS", 8, row => ReconciliationOutput.Sum(row, method => method.Orphans)),
            new("FAILED", 12, row => row.Methods.Where(method => method.Failure is not null).Select(method => method.Method)),
            new("ID", 0, row => row.Id));
        return 0;
    }
}
