using Topup.Contracts;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Messaging;

/// <summary><c>POST /v1/messages/batch</c>: up to 1,000 messages in one call, each let through or refused on its own.</summary>
internal sealed class SendMessageBatch(SendMessage send)
{
    public const int ItemsMax = 1_000;

    /// <summary>Items that are handed to the lanes at once, so that one call cannot fill the queues.</summary>
    private const int AtOnce = 250;

    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.MessageBatchRequest);
        return body.Problem is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), body.Value.Items, context.RequestAborted), Json.Wire.MessageBatchReply);
    }

    private async Task<Outcome<MessageBatchReply>> Run(Caller caller, IReadOnlyList<MessageItem> items, CancellationToken stop)
    {
        if (items.Count is 0 or > ItemsMax) return Problems.Invalid("items", $"items must be a list of 1 to {ItemsMax}.", ItemsMax);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is null) return Problems.Invalid($"items[{i}]", $"items[{i}] must be an object, not null.");
            if (!IdempotencyKey.IsValid(items[i].Key)) return IdempotencyKey.Invalid($"items[{i}].key");
        }
        var replies = new MessageItemReply[items.Count];
        for (var start = 0; start < items.Count; start += AtOnce)
        {
            var chunk = Enumerable.Range(start, Math.Min(AtOnce, items.Count - start));
            await Task.WhenAll(chunk.Select(async i => replies[i] = await Run(caller, items[i], stop)));
        }
        return new MessageBatchReply { Items = replies };
    }

    private async Task<MessageItemReply> Run(Caller caller, MessageItem item, CancellationToken stop)
    {
        var reply = await send.Run(caller, item.Key, item, stop);
        return reply.Problem is { } problem
            ? new MessageItemReply { Key = item.Key, Problem = problem }
            : new MessageItemReply { Key = item.Key, Reply = reply.Value };
    }
}
