using System.Text.Json.Nodes;
using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Automation.Webhooks;

/// <summary>
/// <c>POST /v1/webhook-endpoints/{id}/replay</c>: sends all events since a moment that the endpoint wants, also those it got, and
/// those from before it was made. All of them, or, where they are too many, none.
/// </summary>
internal sealed class ReplayWebhookEvents(Database database, WebhookStore store, Outbox outbox, TimeProvider clock)
{
    private const int EventsMax = 10_000;
    private const int DaysMax = 30;

    public async Task<IResult> Handle(HttpContext context, string id)
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        var body = await Body.Read(context, Json.Wire.WebhookReplayRequest);
        if (body.Problem is { } unread) return unread.AsResult();
        return Reply.Of(await Run(id, body.Value, author.Value, context.RequestAborted), Json.Wire.WebhookReplayReply);
    }

    public async Task<Outcome<WebhookReplayReply>> Run(string id, WebhookReplayRequest request, Author author, CancellationToken stop)
    {
        var (time, from) = (clock.GetUtcNow(), Instant.From(request.From));
        if (request.From > time) return Problems.Invalid("from", "from must not be in the future.");
        if (request.From < time.AddDays(-DaysMax)) return Problems.Invalid("from", $"from must be at most {DaysMax} days ago.", DaysMax);

        while (await outbox.Sequence(stop) == Outbox.SequenceMax) { }
        if (await store.Find(id, stop) is not { } wants) return WebhookProblems.EndpointUnknown();
        if (!wants.Enabled) return WebhookProblems.EndpointDisabled();
        var first = await store.FirstSince(from, stop);
        if (first == long.MaxValue) return new WebhookReplayReply { Events = 0 };
        if (await store.CountWanted(wants, first, from, stop) > EventsMax)
            return Problems.Invalid("from", $"More than {EventsMax} events since then are wanted by the endpoint; name a later time.", EventsMax);

        var now = Instant.From(time);
        return await database.Transact<Outcome<WebhookReplayReply>>(async (connection, transaction) =>
        {
            if (await store.Lock(connection, transaction, id) is not { } endpoint) return WebhookProblems.EndpointUnknown();
            if (!endpoint.Enabled) return WebhookProblems.EndpointDisabled();
            var events = await store.Replay(connection, transaction, endpoint, first, from, now);
            await WebhookStore.EndRest(connection, transaction, id);
            await Audit.Add(connection, transaction, author, now, "webhook_endpoint.replayed", id, "", null,
                new JsonObject { ["from"] = request.From, ["events"] = events }.ToJsonString());
            return new WebhookReplayReply { Events = events };
        }, stop);
    }
}
