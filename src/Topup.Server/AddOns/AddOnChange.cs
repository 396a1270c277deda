using Topup.Domain;
using Topup.Domain.AddOns;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Ledger;

namespace Topup.Server.AddOns;

/// <summary>
/// A change of a tenant's add-on together with the pool that pays for it, in one ledger transaction. It is decided only if
/// the add-on is still as it was seen; else nothing happens, and whoever asked looks again.
/// </summary>
/// <param name="decide">Pure; gets the add-on of the catalogue, null where there is none of this code and type.</param>
/// <param name="note">Its key makes a second charge impossible even for the database.</param>
internal sealed class AddOnChange(AddOnRow seen, Note note, TimeZoneInfo zone, Func<AddOn?, AddOnCase, LedgerCase, AddOnDecision> decide)
    : LedgerRequest(seen.Tenant, seen.AddOn.Type, note)
{
    /// <summary>What the row is to remember of what it waits for.</summary>
    public AddOnSight Seen { get; init; }

    /// <summary>Whether the last charge may be given back.</summary>
    public bool GivesBack { get; init; }

    /// <summary>Why it goes off, where nobody called for it.</summary>
    public string Cause { get; init; } = "";

    /// <summary>JSON of the answer to the key of the note; null: none is kept.</summary>
    public Func<AddOnChange, LedgerOutcome, string>? Reply { get; init; }

    /// <summary>Null: the row had changed, and nothing was decided.</summary>
    public AddOnDecision? Decision { get; private set; }

    /// <summary>The add-on as it was saved; null: nothing was done.</summary>
    public AddOnRow? Result { get; private set; }

    /// <summary>What the decision went by.</summary>
    public AddOnCase? Case { get; private set; }
    public CreditType? CreditType { get; private set; }

    public override CompanionKey? Companion => AddOnStore.KeyOf(seen);

    public override long EntryId => GivesBack ? seen.AddOn.Entry : 0;

    public override LedgerDecision Decide(LedgerCase now)
    {
        (Decision, Result) = (null, null);
        if (((now.Companion as AddOnRow)?.Version ?? 0) != seen.Version) return Settlement.Decide(now.Pool, now.Terms, now.Now);
        var offered = now.Catalog.AddOns.GetValueOrDefault(seen.AddOn.Code);
        CreditType = now.Catalog.Types[Type];
        Case = new AddOnCase(now.Pool, now.Terms, now.Now, LocalTime.DateOf(now.Now, zone), now.Tenant);
        Decision = decide(offered?.Type == Type ? offered : null, Case, now);
        return Decision.Ledger;
    }

    public override void WriteAlongside(LedgerOutcome outcome, Alongside writes)
    {
        if (Decision is not { Refusal: AddOnRefusal.None } decision) return;
        Result = seen with { AddOn = decision.AddOn, DueAt = DueAt(decision.AddOn), Seen = Seen, Version = seen.Version + 1 };
        writes.Save(AddOnStore.KeyOf(Result), Result);
        if (AddOnEvents.Of(seen, decision, CreditType!, Cause, Case!.Now) is { } news) writes.Tell(news);
        if (Reply is not null) AddOnStore.SaveReply(Tenant, Note, Reply(this, outcome), Case.Now, writes);
    }

    /// <summary>One that cannot be charged is tried again each day: what it needs may come about without any change that shows.</summary>
    private Instant DueAt(TenantAddOn addOn) => addOn.Status switch
    {
        AddOnStatus.Off => Instant.Never,
        AddOnStatus.On => LocalTime.StartOf(addOn.PaidUntil, zone),
        AddOnStatus.Waiting or AddOnStatus.Grace or AddOnStatus.Suspended => LocalTime.StartOf(Case!.Today.AddDays(1), zone),
    };
}
