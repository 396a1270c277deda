using System.Text.Json.Serialization;
using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger.Limits;

/// <summary><c>GET /v1/tenants/{id}/limits</c>: every limit of a tenant, and how much of it is left now. One page holds them all.</summary>
internal sealed class ListLimits(LedgerHistory history, CatalogCache catalogs, TimeProvider clock, TimeZoneInfo zone)
{
    public async Task<IResult> Handle(HttpContext context, string tenant)
    {
        if (LedgerDesk.Tenant(context.Caller(), tenant) is { } unseen) return unseen.AsResult();
        return Reply.Of(await Run(tenant, context.RequestAborted), Json.Wire.PageLimitView);
    }

    public async Task<Outcome<Page<LimitView>>> Run(string tenant, CancellationToken stop)
    {
        if (!await history.HasTenant(tenant, stop)) return TenancyProblems.TenantUnknown(tenant);
        var now = Instant.From(clock.GetUtcNow());
        var limits = await history.Limits(tenant, stop);
        return new Page<LimitView>
        {
            Data = [.. limits.Select(limit => LimitForm.View(limit.At(now, zone), catalogs.Current.Types.GetValueOrDefault(limit.Type), zone))],
        };
    }
}

/// <summary>A limit as the audit keeps it.</summary>
internal sealed record LimitAudited(string Subject, string UsageType, string Type, string Kind, string Per, long Amount, long Until);

[JsonSerializable(typeof(LimitAudited))]
internal sealed partial class LimitJson : JsonSerializerContext;
