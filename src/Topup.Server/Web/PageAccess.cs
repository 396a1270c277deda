using Topup.Domain.Tenancy;

namespace Topup.Server.Web;

/// <summary>A page of the operator's panel, for staff whose role has these scopes. What they may change is asked again for each form.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class StaffPageAttribute(Scope scope) : Attribute
{
    public Scope Scope => scope;
}

/// <summary>A page of the portal, for sessions with this scope.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PortalPageAttribute(PortalScope scope) : Attribute
{
    public PortalScope Scope => scope;

    /// <summary>It is asked for by the page itself, again and again: a session does not go on for that.</summary>
    public bool IsWatch { get; init; }
}

/// <summary>A page for whoever asks: to sign in, or to open a link.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OpenPageAttribute : Attribute
{
    private static readonly object HostsItem = new();

    /// <summary>Pages of the operator's allowed origins may frame it. It has no session that could say which of them.</summary>
    public bool IsFramed { get; init; }

    /// <summary>The origins that may frame the page that is asked for, apart by blanks; empty: none.</summary>
    public static string HostsOf(HttpContext context) => context.Items[HostsItem] as string ?? "";

    public static void SetHosts(HttpContext context, IEnumerable<string> origins) => context.Items[HostsItem] = string.Join(' ', origins);
}
