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
}

/// <summary>A page for whoever asks: to sign in, or to open a link.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OpenPageAttribute : Attribute;
