using System.Globalization;
using Topup.Contracts;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>POST /v1/holds</c>: sets credits aside before the work is done.</summary>
internal sealed class PlaceHold(LedgerDesk desk)
{
    private static readonly int SecondsMax = (int)Hold.TimeMax.TotalSeconds;

    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.HoldRequest);
        var key = IdempotencyKey.Read(context);
        return (body.Problem ?? key.Problem) is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), key.Value, body.Value), Json.Wire.HoldReply);
    }

    private async Task<Outcome<HoldReply>> Run(Caller caller, string key, HoldRequest asked)
    {
        var typed = await desk.TypeOf(asked.Type);
        if ((LedgerDesk.Tenant(caller, asked.Tenant) ?? typed.Problem
            ?? LedgerDesk.Words(asked.UsageType, asked.Subject, asked.Reference)
            ?? Fields.Number("expires_in", asked.ExpiresIn, 1, SecondsMax)) is { } invalid) return invalid;
        var type = typed.Value;
        var (units, caps) = (LedgerDesk.Units(asked.Amount, type), LedgerDesk.Caps(asked.OnShortage));
        if ((units.Problem ?? caps.Problem) is { } problem) return problem;

        var time = asked.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : Hold.TimeDefault;
        var note = new Note(key, FingerprintOf(asked), caller.KeyId, asked.Reference ?? "", asked.Subject ?? "", asked.UsageType ?? "");
        var submitted = await desk.Submit(new Request(asked.Tenant, type.Code, units.Value, caps.Value, time, note), type);
        if (submitted.Problem is { } refused) return refused;

        var outcome = submitted.Value;
        var pool = new PoolKey(asked.Tenant, type.Code);
        var shortfall = outcome.Shortfall > 0 ? LedgerViews.Decimal(outcome.Shortfall, type) : (decimal?)null;
        var reply = new HoldReply
        {
            Allowed = outcome.Main is not null,
            Reason = LedgerProblems.ReasonOf(outcome.Refusal),
            Drawn = LedgerViews.Drawn(outcome.Main?.Draw ?? Draw.Nothing, pool, type),
            Remaining = outcome.Main is { } entry ? LedgerViews.Remaining(entry, type) : LedgerViews.Remaining(outcome.Pool!, type),
            Shortfall = shortfall,
            TopupUrl = shortfall is null ? null : desk.TopUpUrl(asked.Tenant, type.Code),
            Replayed = outcome.Replayed,
        };
        if (outcome.Main is not { } placed) return reply;
        var id = new LedgerId(asked.Tenant, type.Code, placed.Id).ToString();
        return reply with
        {
            Hold = id, Entry = id, Amount = LedgerViews.Decimal(placed.Amount, type), ExpiresAt = placed.ExpiresAt.ToDateTimeOffset(),
        };
    }

    private static long FingerprintOf(HoldRequest asked) => LedgerDesk.Fingerprint("hold",
        asked.Type, LedgerDesk.Canonical(asked.Amount ?? 1), asked.UsageType, asked.Subject, asked.Reference, asked.OnShortage,
        asked.ExpiresIn?.ToString(CultureInfo.InvariantCulture));

    internal sealed class Request(string tenant, string type, long units, bool caps, TimeSpan time, Note note) : LedgerRequest(tenant, type, note)
    {
        public override LedgerDecision Decide(LedgerCase now) =>
            Hold.Place(now.Pool, now.Terms, units, caps, now.Now.Plus(time), Note, now.Now);
    }
}
