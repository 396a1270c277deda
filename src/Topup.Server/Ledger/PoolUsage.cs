using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Ledger;

/// <summary>
/// The usage by day of one pool in one batch. The line that was used last stays in the pool's own row, so that a tenant that
/// uses one thing all day writes no other row for it; a use of another day, usage type or subject sends it to its own.
/// </summary>
internal sealed class PoolUsage
{
    private Dictionary<(int Day, string UsageType, string Subject), UsageCount>? closed;

    /// <summary>The line that stands in the pool's row.</summary>
    public UsageLine Open { get; private set; } = UsageLine.None;

    public void Take(UsageLine read) => Open = read;

    public void Add(int day, Note use, UsageCount count)
    {
        if (Open.Day != day || Open.UsageType != use.UsageType || Open.Subject != use.Subject)
        {
            Close();
            Open = new UsageLine(day, use.UsageType, use.Subject, default);
        }
        Open = Open with { Sum = Open.Sum.Plus(count) };
    }

    public void WriteClosed(Rows rows, PoolKey pool)
    {
        if (closed is null) return;
        foreach (var ((day, usageType, subject), sum) in closed)
            rows.Add().Long(TenantId.Bucket(pool.Tenant)).Text(pool.Tenant).Long(day).Text(pool.Type).Text(usageType).Text(subject)
                .Long(sum.Uses).Long(sum.Allowance).Long(sum.Purchased).Long(sum.Debt).Long(sum.Returned).Long(sum.Cost);
    }

    private void Close()
    {
        if (Open == UsageLine.None) return;
        var key = (Open.Day, Open.UsageType, Open.Subject);
        closed ??= [];
        closed[key] = closed.TryGetValue(key, out var sum) ? sum.Plus(Open.Sum) : Open.Sum;
    }
}

/// <summary>What was counted of one usage type and subject on one day.</summary>
/// <param name="Day">Days since 1970-01-01 in the operator's time zone; 0: nothing was counted yet.</param>
internal readonly record struct UsageLine(int Day, string UsageType, string Subject, UsageCount Sum)
{
    public static readonly UsageLine None = new(0, "", "", default);
}
