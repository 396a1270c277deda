using Topup.Contracts;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>POST /v1/holds/{id}/release</c>: ends a hold without any use.</summary>
internal sealed class ReleaseHold(LedgerDesk desk)
{
    public async Task<IResult> Handle(HttpContext context, string id)
    {
        var key = IdempotencyKey.Read(context);
        return key.Problem is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), key.Value, id), Json.Wire.ReleaseReply);
    }

    public async Task<Outcome<ReleaseReply>> Run(Caller caller, string key, string id)
    {
        if (!LedgerId.TryParse(id, out var hold) || !caller.MaySee(hold.Tenant)) return LedgerProblems.Of(LedgerRefusal.HoldUnknown, 0, null);
        var typed = await desk.TypeOf(hold.Type);
        if (typed.Problem is not null) return LedgerProblems.Of(LedgerRefusal.HoldUnknown, 0, null);

        var note = new Note(key, LedgerDesk.Fingerprint("release", id), caller.KeyId);
        var submitted = await desk.SubmitOrRefuse(new Request(hold, note), typed.Value);
        if (submitted.Problem is { } refused) return refused;
        var entry = submitted.Value.Main!;
        return new ReleaseReply
        {
            Hold = id,
            Released = LedgerViews.Decimal(entry.Amount, typed.Value),
            Remaining = LedgerViews.Remaining(entry, typed.Value),
            Entry = (hold with { Number = entry.Id }).ToString(),
            Replayed = submitted.Value.Replayed,
        };
    }

    internal sealed class Request(LedgerId hold, Note note) : LedgerRequest(hold.Tenant, hold.Type, note)
    {
        public override long HoldId => hold.Number;

        public override LedgerDecision Decide(LedgerCase now) => Hold.Release(now.Pool, now.Terms, hold.Number, Note, now.Now);
    }
}
