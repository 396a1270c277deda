using System.Data.Common;
using System.Text.Json.Nodes;
using Topup.Domain;
using Topup.Domain.Tenancy;

namespace Topup.Server.Tenancy;

/// <summary>
/// A row for every change, in the transaction of the change. It says that a name or address was changed, never to what:
/// the audit is kept when a person is forgotten.
/// </summary>
internal static class Audit
{
    /// <param name="before">JSON of what was there; null: nothing.</param>
    /// <param name="after">JSON of what is there now; null: nothing.</param>
    public static Task Add(
        DbConnection connection, DbTransaction transaction, Author author, Instant at, string action, string target,
        string tenant, string? before, string? after)
    {
        var id = Guid.CreateVersion7(at.ToDateTimeOffset()).ToString();
        var row = new AuditRow(id, at.UnixMs, author.Actor, action, target, tenant, before ?? "", after ?? "", author.Reason);
        return TenancyStore.InsertAudit(connection, transaction, row);
    }

    public static string Of(TenantRow tenant, IEnumerable<string> changedContact)
    {
        var json = new JsonObject
        {
            ["plan"] = tenant.Plan.Length == 0 ? null : tenant.Plan,
            ["status"] = TenantForm.StatusName((TenantStatus)tenant.Status),
            ["renewal_day"] = tenant.RenewalDay,
        };
        var changed = new JsonArray([.. changedContact.Select(field => JsonValue.Create(field))]);
        if (changed.Count > 0) json["changed"] = changed;
        return json.ToJsonString();
    }

    public static string Of(ApiKeyRow key) => new JsonObject
    {
        ["name"] = key.Name,
        ["scopes"] = key.Scopes,
        ["tenant"] = key.TenantId.Length == 0 ? null : key.TenantId,
        ["expires_at"] = new Instant(key.ExpiresAt).ToDateTimeOffsetOrNull(),
        ["revoked"] = key.RevokedAt != 0,
    }.ToJsonString();
}
