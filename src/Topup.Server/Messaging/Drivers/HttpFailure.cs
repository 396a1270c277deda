using System.Net;
using Topup.Contracts;
using Topup.Domain.Messaging;
using Topup.Server.Http;

namespace Topup.Server.Messaging.Drivers;

/// <summary>What it means for a message that a request over HTTP had no answer, and where such requests may go.</summary>
internal static class HttpFailure
{
    private const string AddressRefused = "address_not_public";

    /// <summary>Null: it is nothing that a network does.</summary>
    /// <param name="isTooLate">Nobody waits for the answer any more.</param>
    public static SendResult? Of(Exception failed, bool isTooLate) => failed switch
    {
        HttpRequestException request when NotSent(request) is { } reason => reason == AddressRefused ? SendResult.Refused(reason) : SendResult.Later(reason),
        HttpRequestException or IOException or OperationCanceledException => SendResult.Unknown(isTooLate ? "timeout" : "connection_lost"),
        _ => null,
    };

    /// <summary>An address that messages are sent to: https and public, or with <paramref name="allowPrivate"/> any.</summary>
    public static Problem? Url(string field, string url, bool allowPrivate, int lengthMax)
    {
        if (url.Length > lengthMax) return Problems.Invalid(field, $"{field} must be at most {lengthMax} characters.", lengthMax);
        if (url.AsSpan().ContainsAnyExceptInRange('!', '~') || !Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Host.Length == 0)
            return Problems.Invalid(field, $"{field} must be an address such as https://example.com/messages, in ASCII.");
        if (parsed.Scheme != Uri.UriSchemeHttps && !(allowPrivate && parsed.Scheme == Uri.UriSchemeHttp))
            return Problems.Invalid(field, $"{field} must begin with https://, or with allow_private = true with http://.");
        if (parsed.UserInfo.Length > 0 || parsed.Fragment.Length > 0) return Problems.Invalid(field, $"{field} must have no user name, password or fragment.");
        return !allowPrivate && IPAddress.TryParse(parsed.IdnHost, out var address) && !OutgoingHttp.IsPublic(address)
            ? Problems.Invalid(field, $"{field} leads to an address that is not public. If that is meant, give allow_private = true.")
            : null;
    }

    /// <summary>How long the other side wants to be left alone.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now) =>
        response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - now;

    /// <summary>Null: it is longer than <paramref name="bytesMax"/>.</summary>
    public static async Task<byte[]?> Read(HttpResponseMessage response, int bytesMax, CancellationToken stop)
    {
        var buffer = new byte[bytesMax];
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop);
        return length == buffer.Length ? null : buffer[..length];
    }

    /// <summary>Why nothing can have been sent; null: something may have been.</summary>
    private static string? NotSent(HttpRequestException failed)
    {
        for (Exception? cause = failed; cause is not null; cause = cause.InnerException)
            if (cause is AddressRefusedException) return AddressRefused;
        return failed.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "name_not_resolved",
            HttpRequestError.ConnectionError => "not_connected",
            HttpRequestError.SecureConnectionError => "tls_failed",
            _ => null,
        };
    }
}
