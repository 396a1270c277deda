using System.Collections.Concurrent;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy;

/// <summary>
/// The keys that are in force, remembered for at most a second: a key that is revoked here stops at once, one that is
/// revoked on another server within that second.
/// </summary>
internal sealed class ApiKeys(Database database, TimeProvider clock)
{
    private static readonly TimeSpan AgeMax = TimeSpan.FromSeconds(1);

    /// <summary>Only keys that exist are remembered, so this is passed only by a server with that many keys in use.</summary>
    private const int RememberedMax = 10_000;

    private readonly ConcurrentDictionary<KeyHash, Remembered> remembered = new();
    private readonly ConcurrentDictionary<string, long> used = new();
    private long generation;

    /// <summary>The caller of a key, or null when it is unknown, revoked or expired.</summary>
    public ValueTask<Caller?> Find(KeyHash hash)
    {
        if (!remembered.TryGetValue(hash, out var entry) || !IsFresh(entry)) entry = Remember(hash, entry);
        return entry.Key.IsCompletedSuccessfully
            ? new ValueTask<Caller?>(InForce(entry.Key.Result))
            : new ValueTask<Caller?>(Wait(entry.Key));
    }

    /// <summary>To be called after a change of any key was saved: all keys are looked up again.</summary>
    public void Forget() => Interlocked.Increment(ref generation);

    /// <summary>Makes a key with full rights, for an operator on the server itself, and returns the secret.</summary>
    public async Task<string> CreateLocal(string name, CancellationToken stop)
    {
        var secret = KeyHash.NewKey();
        await Create(name, secret, Scope.All, null, Instant.Never, Author.Server("made on the server"), stop);
        return secret;
    }

    /// <summary>Saves a new key and returns its id.</summary>
    public async Task<string> Create(
        string name, string secret, Scope scopes, string? tenant, Instant expiresAt, Author author, CancellationToken stop)
    {
        var id = Guid.CreateVersion7(clock.GetUtcNow()).ToString();
        var key = new ApiKeyRow(id, name, KeyHash.Of(secret).ToBytes(), secret[..8],
            string.Join(' ', Scopes.NamesOf(scopes)), tenant ?? "", Now().UnixMs, expiresAt.UnixMs, 0, 0);
        await database.Transact(async (connection, transaction) =>
        {
            await TenancyStore.InsertApiKey(connection, transaction, key);
            await Audit.Add(connection, transaction, author, Now(), "api_key.created", id, key.TenantId, null, Audit.Of(key));
            return true;
        }, stop);
        Forget();
        return id;
    }

    /// <summary>Saves when each key was last used. Called once a minute, off the path of requests.</summary>
    public async Task SaveUse(CancellationToken stop)
    {
        var uses = used.ToArray();
        if (uses.Length == 0) return;
        await database.Transact(async (connection, transaction) =>
        {
            foreach (var (id, at) in uses) await TenancyStore.SaveKeyUse(connection, transaction, id, at);
            return true;
        }, stop);
        foreach (var use in uses) used.TryRemove(use);
    }

    private Remembered Remember(KeyHash hash, Remembered? stale)
    {
        if (remembered.Count >= RememberedMax) remembered.Clear();
        var fresh = new Remembered(Interlocked.Read(ref generation), clock.GetTimestamp(), () => Load(hash));
        var isOurs = stale is null ? remembered.TryAdd(hash, fresh) : remembered.TryUpdate(hash, fresh, stale);
        // Whoever comes first loads for all who wait.
        return isOurs || !remembered.TryGetValue(hash, out var other) || !IsFresh(other) ? fresh : other;
    }

    private async Task<StoredKey?> Load(KeyHash hash)
    {
        try
        {
            var row = await database.Read(connection => TenancyStore.FindApiKey(connection, hash.ToBytes()), CancellationToken.None);
            if (row is null)
            {
                remembered.TryRemove(hash, out _);
                return null;
            }
            // A key in use is loaded every second, which is often enough to know when it was used last.
            used[row.Id] = Now().UnixMs;
            return new StoredKey(CallerOf(row), new Instant(row.ExpiresAt), row.RevokedAt != 0);
        }
        catch
        {
            remembered.TryRemove(hash, out _);
            throw;
        }
    }

    private static Caller CallerOf(ApiKeyRow row)
    {
        var scopes = row.Scopes.Split(' ').Aggregate(Scope.None, (all, name) => all | Scopes.Of(name));
        return row.TenantId.Length == 0
            ? new Caller(row.Id, row.Name, scopes, null)
            : new Caller(row.Id, row.Name, scopes & ~Scopes.NeverOfOneTenant, row.TenantId);
    }

    private async Task<Caller?> Wait(Task<StoredKey?> load) => InForce(await load);

    private Caller? InForce(StoredKey? key) => key is { IsRevoked: false } && Now() < key.ExpiresAt ? key.Caller : null;

    private bool IsFresh(Remembered entry) =>
        entry.Generation == Interlocked.Read(ref generation) && clock.GetElapsedTime(entry.ReadAt) < AgeMax;

    private Instant Now() => Instant.From(clock.GetUtcNow());

    private sealed record StoredKey(Caller Caller, Instant ExpiresAt, bool IsRevoked);

    private sealed class Remembered(long generation, long readAt, Func<Task<StoredKey?>> load)
    {
        private readonly Lazy<Task<StoredKey?>> key = new(load);

        public long Generation => generation;

        public long ReadAt => readAt;

        public Task<StoredKey?> Key => key.Value;
    }
}
