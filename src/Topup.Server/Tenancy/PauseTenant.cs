using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy;

/// <summary>Suspends a tenant, or makes a suspended one active again. It has no route; a workflow calls it.</summary>
internal sealed class PauseTenant(Database database, TimeProvider clock)
{
    /// <returns>False: it stands so already, or there is no such tenant.</returns>
    public Task<bool> Run(string tenant, bool pause, Author author, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        if (!await TenancyStore.LockTenantRow(connection, transaction, database.Dialect, tenant)) return false;
        var before = await TenancyStore.LockTenant(connection, transaction, database.Dialect, tenant);
        if ((before.Status == (long)TenantStatus.Suspended) == pause) return false;
        var now = Instant.From(clock.GetUtcNow());
        var after = before with { Status = (long)(pause ? TenantStatus.Suspended : TenantStatus.Active), UpdatedAt = now.UnixMs };
        await TenancyStore.UpdateTenant(connection, transaction, after);
        await Audit.Add(connection, transaction, author, now, "tenant.changed", tenant, tenant, Audit.Of(before, []), Audit.Of(after, []));
        return true;
    }, stop);
}
