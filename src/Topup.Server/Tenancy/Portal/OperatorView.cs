using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy.Operators;

namespace Topup.Server.Tenancy.Portal;

/// <summary>One of the staff looks at what a tenant sees, and can change nothing there. It stands in the audit of the tenant.</summary>
internal sealed class OperatorView(Database database, PortalSessions sessions, TimeProvider clock)
{
    /// <summary>A link like those of the platform. The session ends with those of the operator.</summary>
    public async Task<Outcome<PortalSessionView>> Run(OperatorSession by, string tenant, CancellationToken stop)
    {
        if (await database.Read(connection => TenancyStore.FindTenant(connection, tenant), stop) is null) return TenancyProblems.TenantUnknown(tenant);
        return await database.Transact<Outcome<PortalSessionView>>(async (connection, transaction) =>
        {
            await Audit.Add(connection, transaction, Author.Of(by.Caller), Instant.From(clock.GetUtcNow()), "staff.viewed_portal", by.OperatorId, tenant, null, null);
            return await sessions.Create(connection, transaction,
                new NewPortalSession(tenant, PortalScope.View, by.Locale, by.Theme, "", "", by.Caller.Actor));
        }, stop);
    }
}
