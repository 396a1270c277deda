using System.Globalization;
using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Catalog.Settings;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;
using Topup.Server.Tenancy.Operators;
using Topup.Server.Tenancy.Portal;

namespace Topup.Server.Catalog.Portal;

/// <summary>
/// <c>POST /v1/portal-sessions</c>: the platform, which knows who its users are, sends one of them to their tenant's portal.
/// It is in this room because only here it is known which origins may frame a portal.
/// </summary>
internal sealed class CreatePortalSession(Database database, PortalSessions sessions, OperatorSettings settings)
{
    private const int ScopesMax = 3;

    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.PortalSessionRequest);
        if (body.Problem is { } unread) return unread.AsResult();
        context.Response.Headers.CacheControl = "no-store";
        return Reply.Of(await Run(body.Value, context.Caller(), form: null, context.RequestAborted), Json.Wire.PortalSessionView, StatusCodes.Status201Created);
    }

    /// <param name="form">Of a page, which makes one link however often it is sent; null: another one each time.</param>
    public async Task<Outcome<PortalSessionView>> Run(PortalSessionRequest asked, Caller caller, SentForm? form, CancellationToken stop)
    {
        var scopes = ScopesOf(asked.Scopes, caller);
        if ((Fields.TenantId("tenant", asked.Tenant) ?? scopes.Problem ?? Fields.Locale("locale", asked.Locale) ?? OperatorForm.Theme(asked.Theme)
            ?? Fields.ReturnUrl(asked.ReturnUrl)) is { } wrong) return wrong;
        if (!caller.MaySee(asked.Tenant) || await database.Read(connection => TenancyStore.FindTenant(connection, asked.Tenant), stop) is null)
            return TenancyProblems.TenantUnknown(asked.Tenant);
        if (asked.Embed is { } embed && !(await settings.SavedPortal(stop)).AllowedOrigins.Contains(embed, StringComparer.Ordinal))
        {
            return Problems.Invalid("embed",
                "embed must be one of the allowed_origins of PUT /v1/settings/portal, spelled as there, such as https://app.example.com.");
        }
        var wanted = new NewPortalSession(
            asked.Tenant, scopes.Value, asked.Locale ?? "", asked.Theme ?? OperatorForm.ThemeDefault, asked.ReturnUrl ?? "", asked.Embed ?? "", caller.Actor);
        return await database.Transact((connection, transaction) => sessions.Create(connection, transaction, wanted, form), stop);
    }

    private static Outcome<PortalScope> ScopesOf(IReadOnlyList<string> names, Caller caller)
    {
        if (names.Count is 0 or > ScopesMax) return Problems.Invalid("scopes", $"scopes must be 1 to {ScopesMax} names.", ScopesMax);
        var scopes = PortalScope.None;
        for (var i = 0; i < names.Count; i++)
        {
            var field = string.Create(CultureInfo.InvariantCulture, $"scopes[{i}]");
            if (PortalScopes.Of(names[i]) is not (not PortalScope.None and var scope))
                return Problems.Invalid(field, $"A scope of a portal is {string.Join(", ", PortalScopes.Names)}.");
            // A session never does what the key that made it may not.
            if (scope == PortalScope.Settings && !caller.May(Scope.Limits)) return ApiKeyAuth.Forbidden(Scope.Limits) with { Field = field };
            scopes |= scope;
        }
        return scopes;
    }
}
