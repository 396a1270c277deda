using System.Globalization;
using System.Text.RegularExpressions;
using Topup.Contracts;
using Topup.Domain;

namespace Topup.Server.Http;

/// <summary>
/// Checks of single fields. Each gives null, or a problem that names the field and the limit, so that they chain:
/// <c>Fields.Text(...) ?? Fields.Code(...)</c>. A field that may be left out is right when it is null.
/// </summary>
internal static partial class Fields
{
    private const int EmailLengthMax = 254;
    private const int LocaleLengthMax = 35;
    private const int ReturnUrlLengthMax = 500;

    /// <summary>A text of one line, from <paramref name="min"/> to <paramref name="max"/> characters.</summary>
    public static Problem? Text(string field, string? value, int max, int min = 1) =>
        Text(field, value, max, min, lines: false);

    /// <summary>A text that may have several lines.</summary>
    public static Problem? Lines(string field, string? value, int max) => Text(field, value, max, 0, lines: true);

    public static Problem? TenantId(string field, string? value) =>
        value is null || Domain.Tenancy.TenantId.IsValid(value)
            ? null
            : Problems.Invalid(field, $"{field} must be 1 to 64 of A-Z a-z 0-9 . _ : -", Domain.Tenancy.TenantId.LengthMax);

    public static Problem? Code(string field, string? value) =>
        value is null || Domain.Catalog.Code.IsValid(value)
            ? null
            : Problems.Invalid(field, $"{field} must be 1 to 64 of a-z 0-9 - _ .", Domain.Catalog.Code.LengthMax);

    public static Problem? Number(string field, int? value, int min, int max) =>
        value is null || (value >= min && value <= max)
            ? null
            : Problems.Invalid(field, $"{field} must be from {min} to {max}.", value < min ? min : max);

    /// <summary>How many things a list or an object has.</summary>
    public static Problem? Count(string field, int count, int max, int min = 0) =>
        count > max ? Problems.Invalid(field, $"{field} must have at most {max} entries.", max)
        : count < min ? Problems.Invalid(field, $"{field} must not be empty.", min)
        : null;

    public static Problem? Email(string field, string? value) =>
        value is null || (value.Length <= EmailLengthMax && EmailShape().IsMatch(value))
            ? null
            : Problems.Invalid(field, $"{field} must be an e-mail address of at most {EmailLengthMax} characters.", EmailLengthMax);

    public static Problem? Phone(string field, string? value) =>
        value is null || PhoneShape().IsMatch(value)
            ? null
            : Problems.Invalid(field, $"{field} must be a phone number in E.164, such as +5511998765432.", 15);

    /// <summary>Where a person is sent back to afterwards.</summary>
    public static Problem? ReturnUrl(string? url) =>
        url is null || (url.Length <= ReturnUrlLengthMax && Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            && (parsed.Scheme == "https" || (parsed.Scheme == "http" && parsed.IsLoopback)) && parsed.UserInfo.Length == 0 && url.All(letter => letter is > ' ' and <= '~'))
            ? null
            : Problems.Invalid("return_url", $"return_url must be an https address of at most {ReturnUrlLengthMax} characters.", ReturnUrlLengthMax);

    public static Problem? Locale(string field, string? value) =>
        value is null || (value.Length <= LocaleLengthMax && LocaleShape().IsMatch(value))
            ? null
            : Problems.Invalid(field, $"{field} must be a language tag, such as en or pt-BR.", LocaleLengthMax);

    public static Problem? Currency(string field, string? value) =>
        value is null || Domain.Catalog.Currency.IsKnown(value)
            ? null
            : Problems.Invalid(field, $"{field} must be a currency code of ISO 4217, such as USD.");

    /// <summary>Smallest units of an amount on the wire; zero only where it means something.</summary>
    public static Outcome<long> Amount(string field, decimal value, int decimals, bool zeroAllowed = false)
    {
        var problem = Domain.Amount.TryToUnits(value, decimals, out var units);
        return problem switch
        {
            AmountProblem.None => units,
            AmountProblem.Zero => zeroAllowed ? units : Problems.Invalid(field, $"{field} must be more than 0.", 0),
            AmountProblem.Negative => Problems.Invalid(field, $"{field} must not be negative.", 0),
            AmountProblem.TooFine => Problems.Invalid(field, $"{field} must have at most {decimals} decimals.", decimals),
            AmountProblem.TooLarge => TooLarge(field, Domain.Amount.FromUnits(Domain.Amount.Max, decimals)),
        };
    }

    /// <summary>The amount in a query string.</summary>
    public static Outcome<long> Amount(string field, string text, int decimals) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? Amount(field, value, decimals)
            : Problems.Invalid(field, $"{field} must be a number, such as 5.00.");

    private static Problem TooLarge(string field, decimal max) =>
        Problems.Invalid(field, $"{field} must be at most {max}.", max);

    private static Problem? Text(string field, string? value, int max, int min, bool lines)
    {
        if (value is null) return null;
        if (value.Length > max) return Problems.Invalid(field, $"{field} must be at most {max} characters.", max);
        if (value.Length < min || (min > 0 && string.IsNullOrWhiteSpace(value)))
            return Problems.Invalid(field, $"{field} must not be empty.", min);
        foreach (var c in value)
        {
            if (char.IsControl(c) && !(lines && c is '\n' or '\r' or '\t'))
                return Problems.Invalid(field, $"{field} must not have control characters.");
        }
        return null;
    }

    [GeneratedRegex(@"^[^\s@\p{C}]{1,64}@[^\s@\p{C}.]+(\.[^\s@\p{C}.]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex EmailShape();

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}\z")]
    private static partial Regex PhoneShape();

    [GeneratedRegex(@"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\z")]
    private static partial Regex LocaleShape();
}
