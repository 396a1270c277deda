using System.Data.Common;
using Topup.Domain;
using Topup.Server.Storage;

namespace Topup.Server.Automation.Webhooks;

/// <summary>The secrets with which requests to an endpoint are signed: sealed at rest, shown once.</summary>
internal sealed class WebhookSecrets(Secrets secrets)
{
    /// <summary>For how long the secret before a rotation signs too.</summary>
    public static readonly TimeSpan OldFor = TimeSpan.FromHours(24);

    private const string Prefix = "whsec_";

    /// <param name="secret">256 random bits.</param>
    public static string Of(byte[] secret) => Prefix + Convert.ToBase64String(secret);

    /// <summary>Keys to sign with now, the newest first. Empty: the secret cannot be read.</summary>
    public async Task<List<byte[]>> Keys(EndpointRow endpoint, Instant now, CancellationToken stop)
    {
        var (name, old) = (NameOf(endpoint.Id), OldNameOf(endpoint.Id));
        var kept = await secrets.Read([name, old], stop);
        if (!kept.TryGetValue(name, out var newest) || newest.Failure != SecretFailure.None) return [];
        var keys = new List<byte[]> { KeyOf(newest.Value) };
        if (endpoint.OldSecretUntil > now && kept.TryGetValue(old, out var before) && before.Failure == SecretFailure.None) keys.Add(KeyOf(before.Value));
        return keys;
    }

    public static Task Save(DbConnection connection, DbTransaction transaction, SecretBox box, string endpoint, string secret, Instant now) =>
        Secrets.Save(connection, transaction, box, NameOf(endpoint), secret, now);

    /// <summary>Saves another secret and keeps the one before. To be called under the lock of the endpoint.</summary>
    public static async Task Rotate(DbConnection connection, DbTransaction transaction, SecretBox box, string endpoint, string secret, Instant now)
    {
        if (await Secrets.Find(connection, transaction, box, NameOf(endpoint)) is { } before)
            await Secrets.Save(connection, transaction, box, OldNameOf(endpoint), before, now);
        await Save(connection, transaction, box, endpoint, secret, now);
    }

    public static async Task Forget(DbConnection connection, DbTransaction transaction, string endpoint)
    {
        await Secrets.Forget(connection, transaction, NameOf(endpoint));
        await Secrets.Forget(connection, transaction, OldNameOf(endpoint));
    }

    private static string NameOf(string endpoint) => "webhook." + endpoint;

    private static string OldNameOf(string endpoint) => NameOf(endpoint) + ".old";

    public static byte[] KeyOf(string secret) => Convert.FromBase64String(secret[Prefix.Length..]);
}
