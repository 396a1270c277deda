using Topup.Contracts;
using Topup.Domain.Messaging;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Messaging;

/// <summary><c>POST /v1/messages/{id}/resolve</c>: the operator says what became of a message whose outcome nobody has learned.</summary>
internal sealed class ResolveMessage(MessageStore store, MessageChanges changes, CatalogCache catalogs)
{
    public async Task<IResult> Handle(HttpContext context, string id)
    {
        var body = await Body.Read(context, Json.Wire.ResolveMessageRequest);
        return body.Problem is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), id, body.Value, context.RequestAborted), Json.Wire.MessageView);
    }

    public async Task<Outcome<MessageView>> Run(Caller caller, string id, ResolveMessageRequest asked, CancellationToken stop)
    {
        if (Fields.Text("reason", asked.Reason, Author.ReasonLengthMax) is { } invalid) return invalid;
        if (asked.Outcome is not ("sent" or "not_sent")) return Problems.Invalid("outcome", "outcome must be sent or not_sent.");
        if (!MessageId.TryParse(id, out var key) || !caller.MaySee(key.Tenant) || await store.Find(key, stop) is not { } seen) return MessageProblems.Unknown();
        var changed = await changes.Make(seen, (message, now) => message.Status != MessageStatus.Unknown ? null
            : MessageStates.Hear(message, asked.Outcome == "sent" ? LaterNews.Sent : LaterNews.NotSent, "resolved_as_not_sent", segments: null, now),
            stop, new Author(caller.Actor, asked.Reason));
        if (changed.Problem is { } problem) return problem;
        if (changed.Value is not { } row) return MessageProblems.NotUnknown();
        return MessageForm.View(row, catalogs.Current.Types.GetValueOrDefault(row.Type), to: null);
    }
}
