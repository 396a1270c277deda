using Topup.Contracts;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>POST /v1/grants/{id}/void</c>: takes back what is left of a grant or purchase, for a reason.</summary>
internal sealed class VoidGrant(LedgerDesk desk)
{
    public async Task<IResult> Handle(HttpContext context, string id)
    {
        var body = await Body.Read(context, Json.Wire.VoidRequest);
        var key = IdempotencyKey.Read(context);
        return (body.Problem ?? key.Problem) is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), key.Value, id, body.Value), Json.Wire.VoidReply);
    }

    public async Task<Outcome<VoidReply>> Run(Caller caller, string key, string id, VoidRequest asked)
    {
        if (!LedgerId.TryParse(id, out var lot) || !caller.MaySee(lot.Tenant)) return LedgerProblems.Of(LedgerRefusal.GrantUnknown, 0, null);
        var typed = await desk.TypeOf(lot.Type);
        if (typed.Problem is not null) return LedgerProblems.Of(LedgerRefusal.GrantUnknown, 0, null);
        var type = typed.Value;
        if (Fields.Text("reason", asked.Reason, LedgerDesk.ReasonLengthMax) is { } invalid) return invalid;
        if (asked.Spent is not (null or "forgive" or "debt")) return Problems.Invalid("spent", "spent must be forgive or debt.");
        long? units = null;
        if (asked.Amount is { } amount)
        {
            var read = LedgerDesk.Units(amount, type);
            if (read.Problem is { } problem) return problem;
            units = read.Value;
        }

        var fingerprint = LedgerDesk.Fingerprint("void", id, asked.Amount is { } a ? LedgerDesk.Canonical(a) : null, asked.Reason, asked.Spent);
        var note = new Note(key, fingerprint, caller.KeyId, Reason: asked.Reason);
        var submitted = await desk.SubmitOrRefuse(new Request(lot, units, asked.Spent == "debt", note), type);
        if (submitted.Problem is { } refused) return refused;
        var entry = submitted.Value.Main!;
        return new VoidReply
        {
            Grant = id,
            TakenBack = LedgerViews.Decimal(entry.Draw.Purchased, type),
            BecameDebt = LedgerViews.Decimal(entry.Draw.Debt, type),
            Forgiven = LedgerViews.Decimal(entry.Asked - entry.Amount, type),
            Remaining = LedgerViews.Remaining(entry, type),
            Entry = (lot with { Number = entry.Id }).ToString(),
            Replayed = submitted.Value.Replayed,
        };
    }

    internal sealed class Request(LedgerId lot, long? units, bool spentBecomesDebt, Note note) : LedgerRequest(lot.Tenant, lot.Type, note)
    {
        public override long LotId => lot.Number;

        public override LedgerDecision Decide(LedgerCase now) =>
            TakeBack.Decide(now.Pool, now.Terms, lot.Number, units, spentBecomesDebt, Note, now.Now);
    }
}
