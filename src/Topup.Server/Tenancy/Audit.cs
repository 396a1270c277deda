using System.Data.Common;
using System.Text.Json.Nodes;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;
using Topup.Server.Tenancy.Operators;

namespace Topup.Server.Tenancy;

/// <summary>
/// A row for every change, in the transaction of the change. It says that a name or address was changed, never to what:
/// the audit is kept when a person is forgotten.
/// </summary>
internal static class Audit
{
    /// <summary>How a lane writes rows, with <see cref="Write"/>; cold transactions use <see cref="Add"/>.</summary>
    public static readonly Statement Insert = new(
        """
        insert into audit (id, at, actor, action, target, tenant_id, before, after, reason)
        select r.id, r.at, r.actor, r.action, r.target, r.tenant_id, r.before, r.after, r.reason from {rows}
        """,
        Column.Text("id"), Column.Long("at"), Column.Text("actor"), Column.Text("action"), Column.Text("target"), Column.Text("tenant_id"),
        Column.Text("before"), Column.Text("after"), Column.Text("reason"));

    /// <summary>One row for <see cref="Insert"/>.</summary>
    public static void Write(Rows rows, Author author, Instant at, string action, string target, string tenant, string? before, string? after) => rows.Add()
        .Text(Guid.CreateVersion7(at.ToDateTimeOffset()).ToString()).Long(at.UnixMs).Text(author.Actor).Text(action).Text(target).Text(tenant)
        .Text(before ?? "").Text(after ?? "").Text(author.Reason);

    /// <param name="before">JSON of what was there; null: nothing.</param>
    /// <param name="after">JSON of what is there now; null: nothing.</param>
    public static async Task Add(
        DbConnection connection, DbTransaction transaction, Author author, Instant at, string action, string target,
        string tenant, string? before, string? after)
    {
        var id = Guid.CreateVersion7(at.ToDateTimeOffset()).ToString();
        var row = new AuditRow(id, at.UnixMs, author.Actor, action, target, tenant, before ?? "", after ?? "", author.Reason);
        await TenancyStore.InsertAudit(connection, transaction, row);
        if (author.Form is { } form && !await OperatorStore.InsertForm(connection, transaction, new FormRow(form.Hash, target, at.UnixMs)))
            throw new FormSentTwiceException();
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
