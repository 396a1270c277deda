using Topup.Contracts;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>POST /v1/reversals</c>: gives a use back to where it came from, wholly or in part.</summary>
internal sealed class ReverseEntry(LedgerDesk desk)
{
    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.ReversalRequest);
        var key = IdempotencyKey.Read(context);
        return (body.Problem ?? key.Problem) is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), key.Value, body.Value), Json.Wire.ReversalReply);
    }

    private async Task<Outcome<ReversalReply>> Run(Caller caller, string key, ReversalRequest asked)
    {
        if (!LedgerId.TryParse(asked.Entry, out var original) || !caller.MaySee(original.Tenant))
            return LedgerProblems.Of(LedgerRefusal.EntryUnknown, 0, null);
        var typed = await desk.TypeOf(original.Type);
        if (typed.Problem is not null) return LedgerProblems.Of(LedgerRefusal.EntryUnknown, 0, null);
        var type = typed.Value;
        long? units = null;
        if (asked.Amount is { } amount)
        {
            var read = LedgerDesk.Units(amount, type);
            if (read.Problem is { } invalid) return invalid;
            units = read.Value;
        }
        if (LedgerDesk.Words(null, null, null, asked.Reason) is { } problem) return problem;

        var fingerprint = LedgerDesk.Fingerprint("reversal", asked.Entry, asked.Amount is { } a ? LedgerDesk.Canonical(a) : null, asked.Reason);
        var note = new Note(key, fingerprint, caller.KeyId, Reason: asked.Reason ?? "");
        var submitted = await desk.SubmitOrRefuse(new Request(original, units, note), type);
        if (submitted.Problem is { } refused) return refused;
        var entry = submitted.Value.Main!;
        return new ReversalReply
        {
            Reversed = LedgerViews.Decimal(entry.Asked, type),
            Returned = LedgerViews.Decimal(entry.Amount, type),
            Lapsed = LedgerViews.Decimal(entry.Asked - entry.Amount, type),
            GivenBack = LedgerViews.Drawn(entry.Draw, new PoolKey(original.Tenant, original.Type), type),
            Remaining = LedgerViews.Remaining(entry, type),
            Entry = (original with { Number = entry.Id }).ToString(),
            Replayed = submitted.Value.Replayed,
        };
    }

    internal sealed class Request(LedgerId original, long? units, Note note) : LedgerRequest(original.Tenant, original.Type, note)
    {
        public override long EntryId => original.Number;

        public override LedgerDecision Decide(LedgerCase now) =>
            Reversal.Decide(now.Pool, now.Terms, now.Original, now.Reversed, units, Note, now.Now);
    }
}
