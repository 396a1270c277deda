using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Domain.Messaging;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Messaging.Drivers;
using Topup.Server.Messaging.Suppressions;
using Topup.Server.Messaging.Templates;
using Topup.Server.Tenancy;

namespace Topup.Server.Messaging;

/// <summary><c>POST /v1/messages</c>: holds the credits of a message and hands it to the worker; without credits it is refused, and that is kept.</summary>
internal sealed class SendMessage(
    LedgerDesk desk, MessageStore store, ComposeMessage compose, MessageDrivers drivers, SuppressionList suppressions, CatalogCache catalogs, MessageWorker worker,
    MessageMetrics metrics, MessageOptions options)
{
    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.MessageRequest);
        var key = IdempotencyKey.Read(context);
        return (body.Problem ?? key.Problem) is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), key.Value, body.Value, context.RequestAborted), Json.Wire.MessageReply);
    }

    public async Task<Outcome<MessageReply>> Run(Caller caller, string key, MessageRequest asked, CancellationToken stop)
    {
        if ((LedgerDesk.Tenant(caller, asked.Tenant) ?? MessageForm.Check(asked)) is { } invalid) return invalid;
        var fingerprint = FingerprintOf(asked);
        var id = MessageId.Of(asked.Tenant, key);
        var ready = await Prepare(asked, stop);
        // What was answered before does not depend on what could be sent now.
        if (ready.Problem is { } unready) return await Replay(id, fingerprint, stop) is { } earlier ? earlier : unready;

        var (type, driver, content, isSuppressed) = ready.Value;
        var row = RowOf(id, asked, type, driver, content, fingerprint, caller);
        if (isSuppressed) return await Replay(id, fingerprint, stop) ?? await Refuse(row, SuppressionList.Reason, content, null, type);
        var note = new Note(key, fingerprint, caller.KeyId, row.Reference, UsageType: MessageHold.UsageTypeOf(asked.Channel));
        var hold = new MessageHold(row, content, type, options.KeepFor, note);
        var submitted = await desk.Submit(hold, type);
        if (submitted.Problem is { } problem) return problem;
        var outcome = submitted.Value;
        if (outcome.Replayed) return await Replay(id, fingerprint, stop) ?? LedgerProblems.Of(LedgerRefusal.KeyReused, 0, null);
        if (outcome.Refusal != LedgerRefusal.None)
            return await Refuse(row with { Held = hold.Units }, LedgerProblems.ReasonOf(outcome.Refusal)!, content, outcome, type);
        worker.Nudge();
        return new MessageReply
        {
            Message = MessageForm.View(hold.Result!, type, content.Recipient, content),
            Remaining = LedgerViews.Remaining(outcome.Main!, type),
            Replayed = false,
        };
    }

    /// <summary>What a message says, who pays, who sends it, and whether its recipient wants it.</summary>
    private async Task<Outcome<(CreditType Type, MessageDriver Driver, MessageContent Content, bool IsSuppressed)>> Prepare(
        MessageRequest asked, CancellationToken stop)
    {
        var content = await compose.Run(asked, stop);
        if (content.Problem is { } wrong) return wrong;
        var type = TypeOf(catalogs.Current, asked) ?? TypeOf(await catalogs.Refresh(stop), asked);
        if (type is null) return MessageProblems.ChannelUnknown(asked.Channel);
        if (await drivers.Of(asked.Channel, stop) is not { } driver) return MessageProblems.NoDriver(asked.Channel);
        if (content.Value.IsElsewhere && !drivers.KindOf(driver.Settings.Kind)!.KnowsContents) return MessageProblems.NeedsItsProvider(driver.Slug);
        var suppressed = await suppressions.Has(asked.Tenant, asked.Channel, asked.To, stop);
        return suppressed.Problem is { } unreadable ? unreadable : (type, driver, content.Value, suppressed.Value);
    }

    /// <summary>The type of the channel; a campaign's is the type's own campaign pool. What is a campaign pool of another is no channel's own.</summary>
    private static CreditType? TypeOf(CatalogSnapshot catalog, MessageRequest asked)
    {
        var pools = catalog.Types.Values.Select(type => type.CampaignPool).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var type = catalog.Types.Values.Where(type => type.Channel == asked.Channel)
            .OrderBy(type => pools.Contains(type.Code)).ThenByDescending(type => type.Enabled).ThenBy(type => type.Code, StringComparer.Ordinal).FirstOrDefault();
        return MessageForm.IsCampaign(asked) && type?.CampaignPool is { } pool ? catalog.Types.GetValueOrDefault(pool) ?? type : type;
    }

    private static MessageRow RowOf(
        MessageId id, MessageRequest asked, CreditType type, MessageDriver driver, MessageContent content, long fingerprint, Caller caller) => new()
    {
        Tenant = id.Tenant,
        Id = id.Id,
        Message = new Message
        {
            Channel = asked.Channel, IsCampaign = MessageForm.IsCampaign(asked), CreatedAt = Instant.Always, ChangedAt = Instant.Always,
        },
        Type = type.Code,
        Quantity = driver.IsPerSegment ? Segments.Of(content.Text).Count : 1,
        IsPerSegment = driver.IsPerSegment,
        Reference = asked.Reference ?? "",
        Fingerprint = fingerprint,
        Actor = caller.KeyId,
    };

    /// <param name="refused">What the ledger said; null: it was not even asked.</param>
    private async Task<Outcome<MessageReply>> Refuse(MessageRow row, string reason, MessageContent content, LedgerOutcome? refused, CreditType type)
    {
        var message = row.Message with { Status = MessageStatus.Refused, Reason = reason };
        var refusal = new MessageRefusal(row with { Message = message }, content, options.KeepFor);
        var submitted = await desk.Submit(refusal, type);
        if (submitted.Problem is { } problem) return problem;
        metrics.Refused(message);
        return new MessageReply
        {
            Message = MessageForm.View(refusal.Result!, type, content.Recipient, content),
            Remaining = refused is null ? null : LedgerViews.Remaining(refused.Pool!, type),
            Shortfall = refused?.Shortfall > 0 ? LedgerViews.Decimal(refused.Shortfall, type) : null,
            TopupUrl = refused?.Shortfall > 0 ? desk.TopUpUrl(row.Tenant, type.Code) : null,
            Replayed = false,
        };
    }

    /// <summary>Null: no message of this key was let through.</summary>
    private async Task<Outcome<MessageReply>?> Replay(MessageId id, long fingerprint, CancellationToken stop)
    {
        if (await store.Find(id, stop) is not { Message.Status: not MessageStatus.Refused } row) return null;
        if (row.Fingerprint != fingerprint) return LedgerProblems.Of(LedgerRefusal.KeyReused, 0, null);
        var content = await store.FindContent(id, stop);
        return new MessageReply
        {
            Message = MessageForm.View(row, catalogs.Current.Types.GetValueOrDefault(row.Type), content?.Recipient, content), Replayed = true,
        };
    }

    /// <summary>Of what was asked, not of what came of it: a template that was changed meanwhile makes no other request.</summary>
    private static long FingerprintOf(MessageRequest asked)
    {
        List<string?> words = [asked.Channel, asked.To, asked.Subject, asked.Text, asked.Html, MessageForm.IsCampaign(asked) ? "campaign" : "", asked.Reference];
        if (asked.Template is not null) words.Add(asked.Template);
        var variables = asked.Variables ?? new Dictionary<string, string>();
        foreach (var (name, value) in variables.OrderBy(variable => variable.Key, StringComparer.Ordinal)) words.AddRange([name, value]);
        return LedgerDesk.Fingerprint("message", [.. words]);
    }
}
