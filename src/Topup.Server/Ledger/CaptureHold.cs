using Topup.Contracts;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>POST /v1/holds/{id}/capture</c>: ends a hold with what the work really took.</summary>
internal sealed class CaptureHold(LedgerDesk desk)
{
    public async Task<IResult> Handle(HttpContext context, string id)
    {
        var body = await Body.Read(context, Json.Wire.CaptureRequest);
        var key = IdempotencyKey.Read(context);
        return (body.Problem ?? key.Problem) is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), key.Value, id, body.Value), Json.Wire.CaptureReply);
    }

    private async Task<Outcome<CaptureReply>> Run(Caller caller, string key, string id, CaptureRequest asked)
    {
        if (!LedgerId.TryParse(id, out var hold) || !caller.MaySee(hold.Tenant)) return LedgerProblems.Of(LedgerRefusal.HoldUnknown, 0, null);
        var typed = await desk.TypeOf(hold.Type);
        if (typed.Problem is not null) return LedgerProblems.Of(LedgerRefusal.HoldUnknown, 0, null);
        var type = typed.Value;
        var units = LedgerDesk.Units(asked.Amount, type, zeroAllowed: true);
        if ((units.Problem ?? LedgerDesk.Words(null, null, asked.Reference)) is { } problem) return problem;

        var fingerprint = LedgerDesk.Fingerprint("capture", id, LedgerDesk.Canonical(asked.Amount), asked.Reference);
        var note = new Note(key, fingerprint, caller.KeyId, asked.Reference ?? "");
        var submitted = await desk.SubmitOrRefuse(new Request(hold, units.Value, note), type);
        if (submitted.Problem is { } refused) return refused;
        var (entry, pool) = (submitted.Value.Main!, new PoolKey(hold.Tenant, hold.Type));
        return new CaptureReply
        {
            Hold = id,
            Captured = LedgerViews.Decimal(entry.Amount, type),
            Uncovered = LedgerViews.Decimal(entry.Asked - entry.Amount, type),
            Drawn = LedgerViews.Drawn(entry.Draw, pool, type),
            Remaining = LedgerViews.Remaining(entry, type),
            Entry = (hold with { Number = entry.Id }).ToString(),
            Replayed = submitted.Value.Replayed,
        };
    }

    internal sealed class Request(LedgerId hold, long units, Note note) : LedgerRequest(hold.Tenant, hold.Type, note)
    {
        public override long HoldId => hold.Number;

        public override LedgerDecision Decide(LedgerCase now) =>
            Hold.Capture(now.Pool, now.Terms, hold.Number, units, Note, now.Now);
    }
}
