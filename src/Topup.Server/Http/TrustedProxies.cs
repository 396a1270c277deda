using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Topup.Server.Http;

/// <summary>
/// The reverse proxies whose word is taken for who is behind them, and whether they came over TLS. Of anybody else those
/// headers are nothing: whoever could write them would choose an address for each guess.
/// </summary>
internal sealed class TrustedProxies
{
    public const string Setting = "Topup:TrustedProxies";

    private readonly List<IPNetwork> networks;

    /// <exception cref="InvalidOperationException">The setting is not a list of addresses or networks.</exception>
    public TrustedProxies(string? setting) =>
        networks = [.. (setting ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(NetworkOf)];

    public bool Any => networks.Count > 0;

    public ForwardedHeadersOptions Options()
    {
        // As many proxies in a row as are trusted.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in networks) options.KnownIPNetworks.Add(network);
        return options;
    }

    private static IPNetwork NetworkOf(string text)
    {
        if (IPAddress.TryParse(text, out var address)) return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return IPNetwork.TryParse(text, out var network)
            ? network
            : throw new InvalidOperationException($"Topup__TrustedProxies must be addresses or networks apart by commas, such as 10.0.0.0/8, not '{text}'.");
    }
}
