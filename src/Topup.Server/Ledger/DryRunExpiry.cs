using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>POST /v1/dry-runs/expiry</c>: what time alone would leave of a tenant's credits.</summary>
internal sealed class DryRunExpiry(LedgerReader reader, TimeProvider clock)
{
    private const int YearsMax = 10;

    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.DryRunExpiryRequest);
        return body.Problem is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), body.Value, context.RequestAborted), Json.Wire.DryRunExpiryReply);
    }

    private async Task<Outcome<DryRunExpiryReply>> Run(Caller caller, DryRunExpiryRequest asked, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        if (LedgerDesk.Tenant(caller, asked.Tenant) is { } invalid) return invalid;
        if (asked.At <= now || asked.At > now.AddYears(YearsMax))
            return Problems.Invalid("at", $"at must be later than now, by {YearsMax} years at most.", YearsMax);
        var read = await reader.Tenant(asked.Tenant, Instant.From(asked.At), stop);
        if (read.Problem is { } unknown) return unknown;
        var (today, then) = (read.Value, read.Value with { Now = Instant.From(asked.At) });
        return new DryRunExpiryReply { At = asked.At, Pools = [.. today.Types.Select(type => Expiry(today.Of(type), then.Of(type)))] };
    }

    private static PoolExpiry Expiry(PoolNow today, PoolNow then)
    {
        var type = today.Type;
        var expiring = DryRun.Expiry(today.Pool, then.Pool, then.Terms);
        return new PoolExpiry
        {
            Type = type.Code,
            Name = type.Name,
            Unit = type.Unit,
            Now = LedgerViews.Remaining(today.Pool, type),
            Then = LedgerViews.Remaining(then.Pool, type),
            Expires = LedgerViews.Decimal(expiring.Lots.Sum(lot => lot.Units), type),
            Lots = [.. expiring.Lots.Select(lot => View(lot, today.Key, type))],
            AllowanceEnds = LedgerViews.Decimal(expiring.AllowanceEnds, type),
            Resets = expiring.Resets,
        };
    }

    private static ExpiringLotView View(ExpiringLot expiring, PoolKey pool, CreditType type) => new()
    {
        Lot = new LedgerId(pool.Tenant, pool.Type, expiring.Lot.Id).ToString(),
        Amount = LedgerViews.Decimal(expiring.Units, type),
        ExpiresAt = expiring.Lot.ExpiresAt.ToDateTimeOffset(),
    };
}
