using Topup.Contracts;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>POST /v1/consume/batch</c>: up to 1,000 uses in one call, each granted or refused on its own, in order.</summary>
internal sealed class ConsumeBatch(ConsumeCredits consume)
{
    public const int ItemsMax = 1_000;

    /// <summary>Items that are handed to the lanes at once, so that one call cannot fill the queues.</summary>
    private const int AtOnce = 250;

    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.ConsumeBatchRequest);
        return body.Problem is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), body.Value.Items), Json.Wire.ConsumeBatchReply);
    }

    private async Task<Outcome<ConsumeBatchReply>> Run(Caller caller, IReadOnlyList<ConsumeItem> items)
    {
        if (items.Count is 0 or > ItemsMax)
            return Problems.Invalid("items", $"items must be a list of 1 to {ItemsMax}.", ItemsMax);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is null) return Problems.Invalid($"items[{i}]", $"items[{i}] must be an object, not null.");
            if (!IdempotencyKey.IsValid(items[i].Key)) return IdempotencyKey.Invalid($"items[{i}].key");
        }

        var replies = new ConsumeItemReply[items.Count];
        for (var start = 0; start < items.Count; start += AtOnce)
        {
            var chunk = Enumerable.Range(start, Math.Min(AtOnce, items.Count - start));
            await Task.WhenAll(chunk.Select(async i => replies[i] = await Run(caller, items[i])));
        }
        return new ConsumeBatchReply { Items = replies };
    }

    private async Task<ConsumeItemReply> Run(Caller caller, ConsumeItem item)
    {
        var reply = await consume.Run(caller, item);
        return reply.Problem is { } problem
            ? new ConsumeItemReply { Key = item.Key, Problem = problem }
            : new ConsumeItemReply { Key = item.Key, Reply = reply.Value };
    }
}
