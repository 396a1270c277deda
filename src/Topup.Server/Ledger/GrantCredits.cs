using System.Globalization;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>POST /v1/grants</c>: an operator gives credits, or money to a tenant's balance.</summary>
internal sealed class GrantCredits(LedgerDesk desk)
{
    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.GrantRequest);
        var key = IdempotencyKey.Read(context);
        return (body.Problem ?? key.Problem) is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), key.Value, body.Value), Json.Wire.GrantReply);
    }

    public async Task<Outcome<GrantReply>> Run(Caller caller, string key, GrantRequest asked)
    {
        var typed = await desk.TypeOf(asked.Type);
        if ((LedgerDesk.Tenant(caller, asked.Tenant) ?? typed.Problem ?? CheckWords(asked)) is { } invalid) return invalid;
        var type = typed.Value;
        var units = LedgerDesk.Units(asked.Amount, type);
        if (units.Problem is { } problem) return problem;
        if (SourceOf(asked.Source) is not { } source) return SourceUnknown();

        var note = new Note(key, FingerprintOf(asked), caller.KeyId, asked.Reference ?? "", Reason: asked.Reason ?? "");
        var grant = new Request(asked.Tenant, type.Code, units.Value, source, asked.Priority ?? Lot.PriorityDefault,
            asked.EffectiveAt is { } from ? Instant.From(from) : Instant.Always,
            asked.ExpiresAt is { } until ? Instant.From(until) : Instant.Never, note);
        var submitted = await desk.SubmitOrRefuse(grant, type);
        if (submitted.Problem is { } refused) return refused;
        var entry = submitted.Value.Main!;
        var id = new LedgerId(asked.Tenant, type.Code, entry.Id).ToString();
        return new GrantReply
        {
            Grant = id,
            Amount = LedgerViews.Decimal(entry.Amount, type),
            ExpiresAt = entry.ExpiresAt.ToDateTimeOffsetOrNull(),
            Remaining = LedgerViews.Remaining(entry, type),
            Entry = id,
            Replayed = submitted.Value.Replayed,
        };
    }

    /// <summary>What can be said of a request without looking anything up; the amount is checked with its credit type.</summary>
    public static Problem? Check(GrantRequest asked) =>
        Fields.TenantId("tenant", asked.Tenant) ?? Fields.Code("type", asked.Type) ?? CheckWords(asked) ?? (SourceOf(asked.Source) is null ? SourceUnknown() : null);

    private static Problem? CheckWords(GrantRequest asked) =>
        Fields.Number("priority", asked.Priority, Lot.PriorityMin, Lot.PriorityMax) ?? LedgerDesk.Words(null, null, asked.Reference, asked.Reason);

    /// <summary>Null: nobody may name it. Purchases come from purchases.</summary>
    private static LotSource? SourceOf(string name) => LedgerViews.SourceOf(name) is { } source && source != LotSource.Purchase ? source : null;

    private static Problem SourceUnknown() => Problems.Invalid("source", "source must be promotional, refund, import, transfer or adjustment.");

    private static long FingerprintOf(GrantRequest asked) => LedgerDesk.Fingerprint("grant",
        asked.Type, LedgerDesk.Canonical(asked.Amount), asked.Source, asked.Reason, asked.Reference,
        asked.Priority?.ToString(CultureInfo.InvariantCulture), Time(asked.EffectiveAt), Time(asked.ExpiresAt));

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    internal sealed class Request(
        string tenant, string type, long units, LotSource source, int priority, Instant effectiveAt, Instant expiresAt, Note note)
        : LedgerRequest(tenant, type, note)
    {
        public override LedgerDecision Decide(LedgerCase now) =>
            Grant.Decide(now.Pool, now.Terms, units, source, priority, effectiveAt, expiresAt, Note, now.Now);
    }
}
