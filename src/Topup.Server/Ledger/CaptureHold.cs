using System.Globalization;
using Topup.Contracts;
using Topup.Domain.Catalog;
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
        var amount = Amount(asked, type);
        if ((amount.Problem ?? LedgerDesk.Words(null, null, asked.Reference)) is { } problem) return problem;

        var fingerprint = LedgerDesk.Fingerprint("capture", id, asked.Amount is { } credits ? LedgerDesk.Canonical(credits) : null, asked.Reference,
            asked.Quantity?.ToString(CultureInfo.InvariantCulture));
        var note = new Note(key, fingerprint, caller.KeyId, asked.Reference ?? "");
        var submitted = await desk.SubmitOrRefuse(new Request(hold, amount.Value, note), type);
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

    private static Outcome<CaptureAmount> Amount(CaptureRequest asked, CreditType type)
    {
        if (asked.Quantity is { } uses)
        {
            if (asked.Amount is not null) return Problems.Invalid("quantity", "Give amount or quantity, not both.");
            return uses is < 0 or > Pricing.QuantityMax
                ? Problems.Invalid("quantity", $"quantity must be from 0 to {Pricing.QuantityMax}.", uses < 0 ? 0 : Pricing.QuantityMax)
                : new CaptureAmount(null, uses);
        }
        if (asked.Amount is null) return default(CaptureAmount);
        var units = LedgerDesk.Units(asked.Amount, type, zeroAllowed: true);
        return units.Problem is { } wrong ? wrong : new CaptureAmount(units.Value, null);
    }

    internal sealed class Request(LedgerId hold, CaptureAmount asked, Note note) : LedgerRequest(hold.Tenant, hold.Type, note)
    {
        public override long HoldId => hold.Number;

        public override LedgerDecision Decide(LedgerCase now) =>
            Hold.Capture(now.Pool, now.Terms, hold.Number, asked, Note, now.Now);
    }
}
