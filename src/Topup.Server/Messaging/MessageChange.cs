using System.Text.Json.Nodes;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Domain.Messaging;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Messaging;

/// <summary>
/// A change of a message together with its credits, in one ledger transaction. It is decided only if the message is still
/// as it was seen; else nothing happens, and whoever asked looks again.
/// </summary>
/// <param name="decide">Pure, and may be called twice; is told whether the credits are still held.</param>
internal sealed class MessageChange(MessageRow seen, Func<Message, bool, Instant, MessageStep?> decide) : LedgerRequest(seen.Tenant, seen.Type, Note.None)
{
    private MessageStep? step;
    private Instant at;

    /// <summary>Who decided it, for the audit; null: the server itself.</summary>
    public Author? Author { get; init; }

    /// <summary>The message as it was saved; null: nothing was changed.</summary>
    public MessageRow? Result { get; private set; }

    public override CompanionKey? Companion => MessageStore.KeyOf(seen.Key);

    public override long HoldId => seen.Hold;

    public override LedgerDecision Decide(LedgerCase now)
    {
        (step, Result, at) = (null, null, now.Now);
        if (now.Companion is not MessageRow row || row.Version != seen.Version) return Settled(now);
        var isHeld = now.Pool.FindHold(seen.Hold) is { Status: HoldStatus.Open };
        step = decide(row.Message, isHeld, now.Now);
        if (step is null) return Settled(now);
        // No caller can send the first letter, and the ledger takes a key once: credits of a message end once.
        var note = new Note("§message:" + seen.Id, 0, "messages", seen.Reference, UsageType: MessageHold.UsageTypeOf(seen.Message.Channel));
        return step.Credits switch
        {
            CreditsEnd.None => Settled(now),
            CreditsEnd.Release => Granted(Hold.Release(now.Pool, now.Terms, seen.Hold, note, now.Now), now),
            CreditsEnd.Capture => Capture(now, note),
        };
    }

    public override void WriteAlongside(LedgerOutcome outcome, Alongside writes)
    {
        if (step is null) return;
        var isOver = step.Credits != CreditsEnd.None;
        Result = seen with
        {
            Message = step.Message,
            Charged = step.Credits == CreditsEnd.Capture ? outcome.Main?.Amount ?? 0 : seen.Charged,
            Quantity = isOver && seen.IsPerSegment ? step.Segments ?? seen.Quantity : seen.Quantity,
            Version = seen.Version + 1,
        };
        writes.Save(MessageStore.KeyOf(seen.Key), Result);
        if (MessageNews.Of(seen, Result, outcome.Type!, at) is { } news) writes.Tell(news);
        if (Author is not null)
            Audit.Write(writes.RowsOf(Audit.Insert), Author, at, "message.resolved", seen.Key.ToString(), seen.Tenant, StatusOf(seen), StatusOf(Result));
    }

    private static string StatusOf(MessageRow row) => new JsonObject { ["status"] = MessageForm.NameOf(row.Message.Status) }.ToJsonString();

    /// <summary>What was let go while it was being sent is taken anew, as far as there is any.</summary>
    private LedgerDecision Capture(LedgerCase now, Note note)
    {
        var asked = new CaptureAmount(null, null);
        if (seen.IsPerSegment && step!.Segments is { } segments && segments != seen.Quantity)
            asked = now.Pool.FindHold(seen.Hold)?.Pricing.Quantity > 0
                ? new CaptureAmount(null, segments)
                : new CaptureAmount(segments * Amount.UnitsIn(now.Catalog.Types[Type].Decimals), null);
        var captured = Hold.Capture(now.Pool, now.Terms, seen.Hold, asked, note, now.Now);
        return captured.IsAllowed ? captured : Granted(Consumption.Decide(now.Pool, now.Terms, seen.Held, cap: true, note, now.Now), now);
    }

    /// <summary>What became of the message stands, whatever can be done about its credits.</summary>
    private static LedgerDecision Granted(LedgerDecision decision, LedgerCase now) => decision.IsAllowed ? decision : Settled(now);

    private static LedgerDecision Settled(LedgerCase now) => Settlement.Decide(now.Pool, now.Terms, now.Now);
}

/// <summary>
/// Holds the credits of a new message and writes it down, in one ledger transaction. A rate card that prices the channel's
/// messages in the same credit type says what one costs; else one costs one credit.
/// </summary>
/// <param name="row">With the type of the channel; without hold.</param>
internal sealed class MessageHold(MessageRow row, MessageContent content, CreditType type, TimeSpan keepFor, Note note)
    : UseRequest(row.Tenant, new UseAsked(type.Code, row.Quantity * Amount.UnitsIn(type.Decimals)), caps: false, note)
{
    private Instant at;

    /// <summary>The message as it was saved; null: it was refused.</summary>
    public MessageRow? Result { get; private set; }

    public static string UsageTypeOf(string channel) => "message:" + channel;

    public override bool IsPriced => true;

    public override IReadOnlyList<string> PoolsOf(CatalogSnapshot catalog) => [Type];

    public override LedgerRefusal Price(CatalogSnapshot catalog, string? plan, Instant now)
    {
        (Units, Note) = (row.Quantity * Amount.UnitsIn(type.Decimals), Note with { Pricing = default });
        var dimensions = new Dictionary<string, string> { ["purpose"] = MessageForm.PurposeOf(row.Message) };
        // A card's price for what it does not name is for other things than messages.
        if (catalog.RateOf(plan, Note.UsageType, dimensions, now) is not { UsageType.Length: > 0 } rate || rate.Type != Type) return LedgerRefusal.None;
        var pricing = new Pricing(row.Quantity, rate.Price, rate.UnitCost, rate.Seconds);
        if (pricing.Total is not { } total) return LedgerRefusal.AmountTooLarge;
        (Units, Note) = (total, Note with { Pricing = pricing });
        return LedgerRefusal.None;
    }

    public override LedgerDecision Decide(LedgerCase now)
    {
        at = now.Now;
        return Hold.Place(now.Pool, now.Terms, Units, Caps, now.Now.Plus(Hold.TimeMax), Note, now.Now);
    }

    public override void WriteAlongside(LedgerOutcome outcome, Alongside writes)
    {
        var message = row.Message with { CreatedAt = at, ChangedAt = at, DueAt = at };
        Result = row with { Message = message, Hold = outcome.Main!.Id, Held = outcome.Main.Amount, Version = 1 };
        writes.Save(MessageStore.KeyOf(row.Key), Result);
        MessageStore.Save(row.Key, content, at.Plus(keepFor), writes);
    }
}

/// <summary>Writes down a message that was refused, and tells of it. A message of the same key that was let through stays.</summary>
internal sealed class MessageRefusal(MessageRow refused, MessageContent content, TimeSpan keepFor)
    : LedgerRequest(refused.Tenant, refused.Type, Note.None)
{
    private MessageRow? before;
    private Instant at;

    /// <summary>The message as it stands.</summary>
    public MessageRow? Result { get; private set; }

    public override CompanionKey? Companion => MessageStore.KeyOf(refused.Key);

    public override LedgerDecision Decide(LedgerCase now)
    {
        (before, at) = (now.Companion as MessageRow, now.Now);
        return Settlement.Decide(now.Pool, now.Terms, now.Now);
    }

    public override void WriteAlongside(LedgerOutcome outcome, Alongside writes)
    {
        Result = before;
        if (before is { Message.Status: not MessageStatus.Refused }) return;
        var message = refused.Message with { CreatedAt = before?.Message.CreatedAt ?? at, ChangedAt = at };
        Result = refused with { Message = message, Version = (before?.Version ?? 0) + 1 };
        writes.Save(MessageStore.KeyOf(refused.Key), Result);
        MessageStore.Save(refused.Key, content, at.Plus(keepFor), writes);
        // The same message tried again is the same refusal.
        if (before?.Fingerprint != refused.Fingerprint) writes.Tell(MessageNews.OfRefused(Result, outcome.Type!, at));
    }
}
