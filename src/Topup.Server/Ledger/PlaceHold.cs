using System.Globalization;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>POST /v1/holds</c>: sets credits aside before the work is done.</summary>
internal sealed class PlaceHold(LedgerDesk desk, LedgerHistory history)
{
    private static readonly int SecondsMax = (int)Hold.TimeMax.TotalSeconds;

    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.HoldRequest);
        var key = IdempotencyKey.Read(context);
        return (body.Problem ?? key.Problem) is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), key.Value, body.Value, context.RequestAborted), Json.Wire.HoldReply);
    }

    private async Task<Outcome<HoldReply>> Run(Caller caller, string key, HoldRequest asked, CancellationToken stop)
    {
        if ((LedgerDesk.Tenant(caller, asked.Tenant)
            ?? LedgerDesk.Words(asked.UsageType, asked.Subject, asked.Reference)
            ?? Fields.Number("expires_in", asked.ExpiresIn, 1, SecondsMax)) is { } invalid) return invalid;
        var use = await UseForm.Read(desk, asked.Type, asked.Amount, asked.UsageType, asked.Quantity, asked.Dimensions);
        var caps = LedgerDesk.Caps(asked.OnShortage);
        if ((use.Problem ?? caps.Problem) is { } problem) return problem;

        var time = asked.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : Hold.TimeDefault;
        var note = new Note(key, FingerprintOf(asked), caller.KeyId, asked.Reference ?? "", asked.Subject ?? "", asked.UsageType ?? "");
        var request = new Request(asked.Tenant, use.Value, caps.Value, time, note);
        var submitted = await desk.Submit(request, null);
        if (submitted.Problem is { } refused) return refused;
        var outcome = submitted.Value;
        return outcome.Main is { } placed ? await Placed(outcome, placed, outcome.Type!, request, stop) : Refused(outcome, outcome.Type!, request);
    }

    private async Task<HoldReply> Placed(LedgerOutcome outcome, Entry placed, CreditType type, Request request, CancellationToken stop)
    {
        var pool = new PoolKey(request.Tenant, type.Code);
        var id = new LedgerId(pool.Tenant, pool.Type, placed.Id);
        var pricing = request.Note.Pricing with { Quantity = placed.Note.Pricing.Quantity };
        // The card may have changed since the first answer; the hold keeps what it was placed for.
        if (outcome.Replayed) pricing = (await history.FindHold(id, stop))?.Pricing ?? pricing;
        return new HoldReply
        {
            Allowed = true,
            Hold = id.ToString(),
            Entry = id.ToString(),
            Amount = LedgerViews.Decimal(placed.Amount, type),
            ExpiresAt = placed.ExpiresAt.ToDateTimeOffset(),
            AllowedSeconds = pricing.SecondsAllowed,
            Price = LedgerViews.Price(placed.Note.Pricing, type),
            Drawn = LedgerViews.Drawn(placed.Draw, pool, type),
            Remaining = LedgerViews.Remaining(placed, type),
            Shortfall = outcome.Shortfall > 0 ? LedgerViews.Decimal(outcome.Shortfall, type) : null,
            TopupUrl = outcome.Shortfall > 0 ? desk.TopUpUrl(pool.Tenant, pool.Type) : null,
            Replayed = outcome.Replayed,
        };
    }

    private HoldReply Refused(LedgerOutcome outcome, CreditType type, Request request)
    {
        var pool = new PoolKey(request.Tenant, type.Code);
        return new HoldReply
        {
            Allowed = false,
            Reason = LedgerProblems.ReasonOf(outcome.Refusal),
            Price = LedgerViews.Price(request.Note.Pricing, type),
            Limit = desk.View(outcome),
            Drawn = LedgerViews.Drawn(Draw.Nothing, pool, type),
            Remaining = LedgerViews.Remaining(outcome.Pool!, type),
            Shortfall = outcome.Shortfall > 0 ? LedgerViews.Decimal(outcome.Shortfall, type) : null,
            TopupUrl = outcome.Shortfall > 0 ? desk.TopUpUrl(pool.Tenant, pool.Type) : null,
        };
    }

    private static long FingerprintOf(HoldRequest asked) => LedgerDesk.Fingerprint("hold", asked.Type, AmountOf(asked),
        asked.UsageType, asked.Subject, asked.Reference, asked.OnShortage, asked.ExpiresIn?.ToString(CultureInfo.InvariantCulture),
        UseForm.DimensionsOf(asked.Dimensions));

    private static string AmountOf(HoldRequest asked) =>
        asked.Type is null ? LedgerDesk.Canonical(asked.Quantity ?? 1) : LedgerDesk.Canonical(asked.Amount ?? 1);

    internal sealed class Request(string tenant, UseAsked asked, bool caps, TimeSpan time, Note note) : UseRequest(tenant, asked, caps, note)
    {
        public override LedgerDecision Decide(LedgerCase now) =>
            Hold.Place(now.Pool, now.Terms, Units, Caps, now.Now.Plus(time), Note, now.Now);
    }
}
