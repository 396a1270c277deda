using System.Diagnostics.Metrics;
using Topup.Domain.Ledger;

namespace Topup.Server.Ledger;

/// <summary>Figures of the write path, under the meter <c>Topup.Ledger</c>. They carry no tenant and no person.</summary>
internal sealed class LedgerMetrics : IDisposable
{
    public const string MeterName = "Topup.Ledger";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> granted;
    private readonly Counter<long> consumed;
    private readonly Counter<long> refused;
    private readonly Histogram<int> batchSize;
    private readonly Histogram<double> commitTime;

    public LedgerMetrics()
    {
        granted = meter.CreateCounter<long>("topup.ledger.changes", "{change}", "Changes that were granted");
        consumed = meter.CreateCounter<long>("topup.ledger.consumed", "{unit}", "Smallest units of credit that were spent, by type");
        refused = meter.CreateCounter<long>("topup.ledger.refused", "{change}", "Changes that were refused, by reason");
        batchSize = meter.CreateHistogram<int>("topup.ledger.batch.size", "{entry}", "Entries written in one transaction");
        commitTime = meter.CreateHistogram<double>("topup.ledger.commit.duration", "s", "Time to write and commit one transaction");
    }

    public void WatchQueues(Func<IEnumerable<Measurement<int>>> waiting) =>
        meter.CreateObservableGauge("topup.ledger.queue.length", waiting, "{change}", "Changes that wait for their lane");

    public void Committed(int entries, TimeSpan took)
    {
        batchSize.Record(entries);
        commitTime.Record(took.TotalSeconds);
    }

    public void Answered(List<(LedgerRequest Request, LedgerOutcome Outcome)> outcomes)
    {
        if (!granted.Enabled && !refused.Enabled && !consumed.Enabled) return;
        foreach (var (request, outcome) in outcomes)
        {
            if (outcome.Refusal != LedgerRefusal.None)
                refused.Add(1, new KeyValuePair<string, object?>("reason", outcome.Refusal.ToString()));
            else if (!outcome.Replayed)
                granted.Add(1);
            if (outcome is { Replayed: false, Main: { Kind: EntryKind.Consume or EntryKind.Capture } entry })
                consumed.Add(entry.Amount, new KeyValuePair<string, object?>("type", request.Type));
        }
    }

    public void Dispose() => meter.Dispose();
}
