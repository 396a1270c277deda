using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Ledger;

/// <summary>
/// <c>POST /v1/echo</c>, only with <c>Topup__Echo=true</c>: reads a consume and answers it as the ledger would, through
/// the same connection handling, key check and JSON, and stores nothing. The ratio of a consume to it is the price of the ledger.
/// </summary>
internal static class EchoConsume
{
    public static async Task Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.ConsumeRequest);
        var key = IdempotencyKey.Read(context);
        if ((body.Problem ?? key.Problem) is { } problem)
        {
            await Problems.Write(context, problem);
            return;
        }
        var amount = body.Value.Amount ?? 1;
        await Reply.Write(context, new ConsumeReply
        {
            Allowed = true,
            Drawn = new Drawn { Allowance = amount, Purchased = 0, Lots = [] },
            Remaining = new Remaining
            {
                Allowance = 0, Unlimited = false, Purchased = 0, Held = 0, Debt = 0, Total = 0, ResetsAt = DateTimeOffset.UnixEpoch,
            },
            Entry = key.Value,
        }, Json.Wire.ConsumeReply);
    }
}
