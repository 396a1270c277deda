using Topup.Domain.Tenancy;

namespace Topup.Server.Web;

/// <summary>Roles as they are called on pages.</summary>
internal static class RoleWords
{
    public static string Of(Locale l, OperatorRole role) => role switch
    {
        OperatorRole.Owner => l.Words("Owner: may do everything"),
        OperatorRole.Manager => l.Words("Manager: everything but keys and staff"),
        OperatorRole.Support => l.Words("Support: reads everything, changes nothing"),
    };
}
