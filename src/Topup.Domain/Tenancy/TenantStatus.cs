namespace Topup.Domain.Tenancy;

/// <summary>Where a tenant stands with the operator. The numbers are stored and never change.</summary>
public enum TenantStatus
{
    /// <summary>The plan is paid and everything works.</summary>
    Active = 0,

    /// <summary>The plan is not paid: pools whose type needs an active plan are frozen, nothing is lost.</summary>
    Lapsed = 1,

    /// <summary>The operator stopped the tenant: nothing may be spent or bought.</summary>
    Suspended = 2,
}
