using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Topup.Server.Http;

/// <summary>
/// Where this server is reached from outside, for links that are handed out: <c>Topup__PublicUrl</c>, else the address it
/// listens on. Never the host that a request names, which anybody can write.
/// </summary>
internal sealed class PublicAddress(IConfiguration settings, IServer server)
{
    private readonly string configured = Read(settings["Topup:PublicUrl"]);

    /// <summary>Without a slash at the end.</summary>
    public string Url => configured.Length > 0 ? configured : Listening();

    public string Of(string path) => Url + path;

    private string Listening()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost:5080";
        return address.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
            .Replace("//+", "//localhost", StringComparison.Ordinal).Replace("//*", "//localhost", StringComparison.Ordinal).TrimEnd('/');
    }

    private static string Read(string? url)
    {
        if (string.IsNullOrWhiteSpace(url)) return "";
        if (Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is ("http" or "https") && parsed.Query.Length == 0)
            return url.TrimEnd('/');
        throw new InvalidOperationException($"Topup__PublicUrl must be an address such as https://topup.example.com, not '{url}'.");
    }
}
