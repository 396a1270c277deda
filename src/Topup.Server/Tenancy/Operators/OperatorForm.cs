using System.Text.Json.Nodes;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;

namespace Topup.Server.Tenancy.Operators;

/// <summary>The staff between the wire, the pages and their rows.</summary>
internal static class OperatorForm
{
    public const string ThemeDefault = "auto";

    private const int NameLengthMax = 100;

    /// <summary>As it is stored and looked up: nobody has two accounts by writing it in capitals.</summary>
    public static string EmailOf(string email) => email.Trim().ToLowerInvariant();

    public static Problem? Name(string name) => Fields.Text("name", name, NameLengthMax);

    public static Problem? Theme(string? theme) => theme is null or "light" or "dark" or "auto"
        ? null
        : Problems.Invalid("theme", "theme must be light, dark or auto.");

    /// <param name="email">Of whose password it is to be.</param>
    public static Problem? NewPassword(string password, string email) => PasswordRules.Check(password, email) switch
    {
        PasswordRefusal.None => null,
        PasswordRefusal.TooShort => Problems.Invalid("password",
            $"password must be at least {PasswordRules.LengthMin} characters; a sentence of your own is good.", PasswordRules.LengthMin),
        PasswordRefusal.TooLong => Problems.Invalid("password", $"password must be at most {PasswordRules.LengthMax} characters.", PasswordRules.LengthMax),
        PasswordRefusal.HasEmail => Problems.Invalid("password", "password must not contain the e-mail address."),
        PasswordRefusal.TooCommon => Problems.Invalid("password", "password is one that is tried first, for many people use it."),
    };

    public static Outcome<OperatorRole> RoleOf(string? name) =>
        OperatorRoles.Of(name) is { } role ? role : Problems.Invalid("role", $"role must be {string.Join(", ", OperatorRoles.Names)}.");

    public static OperatorRow New(string email, string name, OperatorRole role, string password, Instant now) => new(
        Guid.CreateVersion7(now.ToDateTimeOffset()).ToString(), email, name, (long)role, 1, password, 0, 0, "", ThemeDefault, now.UnixMs, now.UnixMs, 0);

    public static StaffView View(OperatorRow row) => new()
    {
        Id = row.Id, Email = row.Email, Name = row.Name.Length == 0 ? null : row.Name, Role = OperatorRoles.NameOf(row.RoleOf), Enabled = row.IsEnabled,
        Status = row.IsInvited ? "invited" : "active", SecondFactor = row.HasSecondFactor, CreatedAt = new Instant(row.CreatedAt).ToDateTimeOffset(),
        SignedInAt = row.SignedInAt == 0 ? null : new Instant(row.SignedInAt).ToDateTimeOffset(),
    };

    /// <summary>For the audit: what somebody may do, never who they are.</summary>
    public static string Words(OperatorRow row) => new JsonObject
    {
        ["role"] = OperatorRoles.NameOf(row.RoleOf), ["enabled"] = row.IsEnabled, ["invited"] = row.IsInvited, ["second_factor"] = row.HasSecondFactor,
    }.ToJsonString();
}
