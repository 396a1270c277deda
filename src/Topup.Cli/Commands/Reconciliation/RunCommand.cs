using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Reconciliation;

internal sealed class RunCommand : Verb
{
    private readonly Option<string?> method = Symbols.Text("--method", "Only of this method; left out: of all that have what they need.");
    private readonly Option<DateTimeOffset?> from = Symbols.Time("--from", "Payments from this time on; left out: three days before the end");
    private readonly Option<DateTimeOffset?> until = Symbols.Time("--until", "Payments before this time; left out: five minutes ago");
    private readonly Option<string?> key = Symbols.IdempotencyKey();

    public RunCommand()
        : base("run", "Compare now, and repair what can be; ends with 1 when a difference is left or a provider could not be reached.") =>
        Takes(method, from, until, key);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new ReconciliationRequest { Method = call.Get(method), From = call.Get(from), Until = call.Get(until) };
        var report = await client.RunReconciliation(request, call.Get(key), stop);
        call.Output.Show(report);
        return ReconciliationOutput.IsClean(report) ? 0 : 1;
    }
}
