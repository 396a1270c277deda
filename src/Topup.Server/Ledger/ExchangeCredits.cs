using Topup.Domain;
using Topup.Domain.Ledger;

namespace Topup.Server.Ledger;

/// <summary>
/// Pays a price from one pool and adds a bought lot to another, in one transaction and with the buyer's own rows and
/// events: both, or neither. It has no route; a checkout calls it.
/// </summary>
internal sealed class ExchangeCredits(
    string tenant, string payFrom, long price, string addTo, long credits, Note note, Action<LedgerOutcome, Alongside> alongside)
    : LedgerRequest(tenant, payFrom, note)
{
    public override string OtherType => addTo;

    public override LedgerDecision Decide(LedgerCase now) =>
        Consumption.Decide(now.Pool, now.Terms, price, cap: false, Note, now.Now, EntryKind.Payment);

    public override LedgerDecision DecideOther(LedgerCase other) =>
        Grant.Decide(other.Pool, other.Terms, credits, LotSource.Purchase, Lot.PriorityDefault, Instant.Always, Instant.Never,
            Note with { Key = "", Fingerprint = 0 }, other.Now);

    public override void WriteAlongside(LedgerOutcome outcome, Alongside writes) => alongside(outcome, writes);
}
