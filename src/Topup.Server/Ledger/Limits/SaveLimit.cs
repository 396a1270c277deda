using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger.Limits;

/// <summary>
/// <c>PUT /v1/tenants/{id}/limits/{code}</c>: sets a limit, or changes one. What a changed cap has counted in the window that is
/// running stays counted, unless it counts something else now.
/// </summary>
internal sealed class SaveLimit(LedgerDesk desk, Database database, TimeProvider clock, TimeZoneInfo zone)
{
    public async Task<IResult> Handle(HttpContext context, string tenant, string code)
    {
        if (LedgerDesk.Tenant(context.Caller(), tenant) is { } unseen) return unseen.AsResult();
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        var body = await Body.Read(context, Json.Wire.LimitRequest);
        return body.Problem is { } unread
            ? unread.AsResult()
            : Reply.Of(await Run(tenant, code, body.Value, author.Value, context.RequestAborted), Json.Wire.LimitView);
    }

    public async Task<Outcome<Saved<LimitView>>> Run(string tenant, string code, LimitRequest asked, Author author, CancellationToken stop)
    {
        CreditType? type = null;
        if (asked.Type is { } named)
        {
            var typed = await desk.TypeOf(named);
            if (typed.Problem is { } unknown) return unknown;
            type = typed.Value;
        }
        var now = Instant.From(clock.GetUtcNow());
        var wanted = LimitForm.Read(code, asked, type, now);
        if (wanted.Problem is { } wrong) return wrong;
        return await database.Transact<Outcome<Saved<LimitView>>>(async (connection, transaction) =>
        {
            if (await LimitStore.Lock(connection, transaction, database.Dialect, tenant) is not { } limits) return TenancyProblems.TenantUnknown(tenant);
            var before = limits.Find(limit => limit.Code == code);
            if (before is null && limits.Count >= Limit.LimitsMax)
                return Problems.Of(409, ProblemCodes.TooManyLimits, $"A tenant may have {Limit.LimitsMax} limits. Delete one first.", limit: Limit.LimitsMax);
            var after = wanted.Value.Continue(before).At(now, zone);
            var view = LimitForm.View(after, type, zone);
            await LimitStore.Save(connection, transaction, tenant, limits.Where(limit => limit.Code != code).Append(after));
            await Audit.Add(connection, transaction, author, now, before is null ? "limit.created" : "limit.changed", code, tenant,
                before is null ? null : TextOf(before), TextOf(after));
            return new Saved<LimitView>(view, IsNew: before is null);
        }, stop);
    }

    /// <summary>What was set, without what was counted.</summary>
    public static string TextOf(Limit limit) => JsonSerializer.Serialize(new LimitAudited(
        limit.Subject, limit.UsageType, limit.Type, limit.Kind.ToString(), limit.Per.ToString(), limit.Amount, limit.Until.UnixMs), LimitJson.Default.LimitAudited);
}
