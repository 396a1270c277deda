using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Topup.Server.Messaging.Drivers.Twilio;

/// <summary>
/// Whether Twilio sent a form: the base64 of the HMAC-SHA1, under the account's auth token, of the address and of each field
/// and its value, by the names of the fields. Source: https://www.twilio.com/docs/usage/security#validating-requests
/// </summary>
internal static class TwilioSignature
{
    public const string Header = "X-Twilio-Signature";

    private const int FieldsMax = 200;

    /// <param name="url">As Twilio was given it. With a port it may have been signed with it, or without.</param>
    public static bool IsGenuine(string signature, string url, IReadOnlyDictionary<string, StringValues> fields, string token)
    {
        if (token.Length == 0) return false;
        var given = Encoding.UTF8.GetBytes(signature);
        var isGenuine = false;
        foreach (var spelling in Spellings(url))
            isGenuine |= CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(spelling, fields, token)), given);
        return isGenuine;
    }

    public static string Sign(string url, IReadOnlyDictionary<string, StringValues> fields, string token)
    {
        var signed = new StringBuilder(url);
        foreach (var (name, values) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
            foreach (var value in values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) signed.Append(name).Append(value);
#pragma warning disable CA5350 // Twilio signs with SHA-1, under a key: as a MAC it is not broken.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(signed.ToString())));
#pragma warning restore CA5350
    }

    /// <summary>Null: it is no form, or a larger one than Twilio sends.</summary>
    public static IReadOnlyDictionary<string, StringValues>? Fields(byte[] body)
    {
        try
        {
            return new FormReader(Encoding.UTF8.GetString(body)) { ValueCountLimit = FieldsMax }.ReadForm();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Spellings(string url)
    {
        yield return url;
        var start = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = url.IndexOf('/', start) is > 0 and var slash ? slash : url.Length;
        var port = url.LastIndexOf(':', end - 1, end - start);
        if (port > url.LastIndexOf(']', end - 1, end - start)) yield return url[..port] + url[end..];
        else yield return url[..end] + (url.StartsWith("https:", StringComparison.Ordinal) ? ":443" : ":80") + url[end..];
    }
}
