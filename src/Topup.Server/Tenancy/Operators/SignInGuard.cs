using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary>Makes guessing slow, by the rule of <see cref="SignInFailures"/>, over all servers.</summary>
internal sealed class SignInGuard(Database database, TimeProvider clock)
{
    /// <summary>
    /// Counts an attempt before it is looked at. Gives the seconds to wait instead of being looked at; 0: it is let in.
    /// Whoever is let in either calls <see cref="Leave"/> in time or has failed.
    /// </summary>
    public Task<int> Enter(string email, string network, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        var now = Instant.From(clock.GetUtcNow());
        var since = new Instant(now.UnixMs - (long)SignInFailures.KnownFor.TotalMilliseconds);
        var (account, place) = (AccountName(email), NetworkName(network));
        // Always in this order, so that two who come at once cannot wait for each other.
        var ofAccount = await OperatorStore.LockFailures(connection, transaction, database.Dialect, account);
        var ofNetwork = await OperatorStore.LockFailures(connection, transaction, database.Dialect, place);
        var isKnown = await OperatorStore.HasComeFrom(connection, transaction, email, network, since);
        var wait = Math.Max(isKnown ? 0 : ofAccount.WaitSeconds(now), ofNetwork.WaitSeconds(now));
        if (wait > 0) return wait;
        await OperatorStore.SaveFailures(connection, transaction, account, ofAccount.WithOneMore(SignInFailures.FreeOfAccount, now));
        await OperatorStore.SaveFailures(connection, transaction, place, ofNetwork.WithOneMore(SignInFailures.FreeOfNetwork, now));
        return 0;
    }, stop);

    /// <summary>Takes the count of an attempt back that has not failed.</summary>
    /// <param name="forget">All was right, so that what failed before counts no more.</param>
    public async Task Leave(DbConnection connection, DbTransaction transaction, string email, string network, bool forget)
    {
        var (account, place) = (AccountName(email), NetworkName(network));
        var ofAccount = await OperatorStore.LockFailures(connection, transaction, database.Dialect, account);
        var ofNetwork = await OperatorStore.LockFailures(connection, transaction, database.Dialect, place);
        await OperatorStore.SaveFailures(connection, transaction, account, forget ? default : ofAccount.WithOneLess());
        await OperatorStore.SaveFailures(connection, transaction, place, ofNetwork.WithOneLess());
    }

    /// <summary>What one customer of a provider has: an IPv4 address, or 64 bits of IPv6, of which each has as many as they like.</summary>
    public static string NetworkOf(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed)) return "unknown";
        if (parsed.IsIPv4MappedToIPv6) parsed = parsed.MapToIPv4();
        if (parsed.AddressFamily == AddressFamily.InterNetwork) return parsed.ToString();
        var bytes = parsed.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes) + "/64";
    }

    private static string AccountName(string email) => NameOf("account", email);

    private static string NetworkName(string network) => NameOf("network", network);

    /// <summary>A hash, for the addresses of people who are nobody here are not ours to keep.</summary>
    private static string NameOf(string kind, string what) => $"{kind}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)))}";
}
