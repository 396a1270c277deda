using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Testing.Proofs;

/// <summary>
/// Callers as they should be: each change has a key of its own, and a caller that got no clear answer asks again with the
/// same key until it has one. Whatever breaks meanwhile, every change must then have had exactly one effect.
/// </summary>
internal sealed class AckedLoad : IDisposable
{
    public const string Type = "sms";

    private const long CreditsOfTenant = 100_000_000;
    private const int ComparedKeysMax = 300_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly TopupClient platform;
    private readonly LoadClient[] clients;
    private readonly string[] tenants;
    private readonly long[] acknowledgedOf;
    private readonly (string Tenant, string Key, string Entry)[] lastOf;
    private readonly ConcurrentDictionary<string, string> entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> otherAnswers = new(StringComparer.Ordinal);
    private readonly string run = Guid.NewGuid().ToString("N")[..8];
    private long nextKey;
    private long unanswered;
    private long tookEffectUnanswered;
    private long longestMs;
    private long lastSuccess;

    /// <param name="servers">Callers are spread over them, and stay with theirs.</param>
    public AckedLoad(IReadOnlyList<Uri> servers, int clients = 48, int tenants = 16, TimeSpan? patience = null, string key = ServerProcess.Key)
    {
        platform = new TopupClient(servers[0], key);
        this.clients = [.. Enumerable.Range(0, clients).Select(i => new LoadClient(servers[i % servers.Count], key) { Patience = patience })];
        this.tenants = [.. Enumerable.Range(0, tenants).Select(i => string.Create(CultureInfo.InvariantCulture, $"t{run}-{i}"))];
        acknowledgedOf = new long[tenants];
        lastOf = new (string, string, string)[clients];
    }

    public TopupClient Platform => platform;

    public IReadOnlyList<string> Tenants => tenants;

    public long Acknowledged => acknowledgedOf.Sum();

    /// <summary>Attempts that ended without word of their outcome.</summary>
    public long Unanswered => unanswered;

    /// <summary>Those of them that had taken effect all the same, as the next attempt with the key showed.</summary>
    public long TookEffectUnanswered => tookEffectUnanswered;

    /// <summary>The longest that any attempt waited for its answer.</summary>
    public TimeSpan Longest => TimeSpan.FromMilliseconds(longestMs);

    /// <summary>When the last change was acknowledged, as a <see cref="Stopwatch"/> timestamp.</summary>
    public long LastSuccess => Volatile.Read(ref lastSuccess);

    /// <summary>How many answers were problems, by code.</summary>
    public IReadOnlyDictionary<string, long> OtherAnswers => otherAnswers;

    public async Task Prepare()
    {
        await platform.SaveCreditType(Type, new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0 });
        foreach (var tenant in tenants)
        {
            await platform.SaveTenant(tenant, new TenantRequest { Name = tenant, Plan = null });
            await platform.GrantCredits(
                new GrantRequest { Tenant = tenant, Type = Type, Amount = CreditsOfTenant, Source = "import" }, "grant-" + tenant);
        }
    }

    /// <summary>Consumes until told to stop; then every caller finishes the change it is at, however often it must ask.</summary>
    public Task Run(CancellationToken stop) => Task.WhenAll(clients.Select((client, i) => Task.Run(() => Call(client, i, stop))));

    /// <summary>Every change that was acknowledged is there, once: by the balances, and for the last of each caller by its own reply.</summary>
    public async Task Compare()
    {
        for (var i = 0; i < tenants.Length; i++)
        {
            var pool = await platform.GetPool(tenants[i], Type);
            var expected = CreditsOfTenant - acknowledgedOf[i];
            BrokenPromiseException.Unless(pool.Remaining.Total == expected, string.Create(CultureInfo.InvariantCulture,
                $"{tenants[i]} has {pool.Remaining.Total} credits instead of {expected}: {(pool.Remaining.Total > expected ? "lost" : "doubled")} changes."));
        }
        for (var i = 0; i < clients.Length; i++)
        {
            if (lastOf[i].Key is null) continue;
            var (tenant, key, entry) = lastOf[i];
            // The server may have been another process when this connection was made.
            clients[i].Dispose();
            var reply = await clients[i].Consume(tenant, Type, 1, key);
            BrokenPromiseException.Unless(reply.IsAllowed && reply.IsReplayed && reply.Word("entry") == entry,
                $"The change {key} was acknowledged as {entry}, and is now: {reply.Status} {reply.Text}");
        }
    }

    /// <summary>Compares all of history with all acknowledgements, key by key and entry by entry, and verifies the ledger.</summary>
    public async Task CompareHistory()
    {
        await Compare();
        var report = await platform.VerifyLedger();
        BrokenPromiseException.Unless(report.Ok, "The ledger does not verify: " + string.Join("; ", report.Differences));
        if (Acknowledged > ComparedKeysMax) return;
        var found = 0;
        foreach (var tenant in tenants)
        {
            await foreach (var entry in platform.ListEntries(tenant, new EntryFilter { Kind = "consume" }))
            {
                found++;
                BrokenPromiseException.Unless(entries.TryGetValue(entry.Key!, out var acknowledged) && acknowledged == entry.Id,
                    $"History has {entry.Id} for the key {entry.Key}, and the acknowledgement said {acknowledged ?? "nothing"}.");
            }
        }
        BrokenPromiseException.Unless(found == entries.Count, $"{entries.Count} changes were acknowledged and {found} are there.");
    }

    public void Dispose()
    {
        platform.Dispose();
        foreach (var client in clients) client.Dispose();
    }

    private async Task Call(LoadClient client, int caller, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var number = Interlocked.Increment(ref nextKey);
            var tenant = (int)(number % tenants.Length);
            var key = string.Create(CultureInfo.InvariantCulture, $"{run}-{number}");
            var entry = await UntilAnswered(client, tenants[tenant], key);
            if (Acknowledged <= ComparedKeysMax) entries[key] = entry;
            Interlocked.Increment(ref acknowledgedOf[tenant]);
            lastOf[caller] = (tenants[tenant], key, entry);
        }
    }

    private async Task<string> UntilAnswered(LoadClient client, string tenant, string key)
    {
        var mayHaveTakenEffect = false;
        while (true)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                var reply = await client.Consume(tenant, Type, 1, key);
                NoteTime(started);
                if (reply.IsAllowed)
                {
                    // An earlier attempt was answered "nothing was changed", so nothing may have changed.
                    BrokenPromiseException.Unless(mayHaveTakenEffect || !reply.IsReplayed, $"A false refusal: {key} had taken effect.");
                    if (reply.IsReplayed) Interlocked.Increment(ref tookEffectUnanswered);
                    Volatile.Write(ref lastSuccess, Stopwatch.GetTimestamp());
                    return reply.Word("entry");
                }
                var code = reply.Word("code");
                BrokenPromiseException.Unless(reply.Status is 503 or 429, $"{key} was answered {reply.Status} {reply.Text}");
                otherAnswers.AddOrUpdate(code, 1, (_, count) => count + 1);
                if (code == ProblemCodes.OutcomeUnknown) NoteUnanswered(ref mayHaveTakenEffect);
            }
            catch (IOException)
            {
                NoteTime(started);
                NoteUnanswered(ref mayHaveTakenEffect);
            }
            await Task.Delay(Pause);
        }
    }

    private void NoteUnanswered(ref bool mayHaveTakenEffect)
    {
        if (!mayHaveTakenEffect) Interlocked.Increment(ref unanswered);
        mayHaveTakenEffect = true;
    }

    private void NoteTime(long started)
    {
        var took = (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        long longest;
        while (took > (longest = Interlocked.Read(ref longestMs)))
            Interlocked.CompareExchange(ref longestMs, took, longest);
    }
}
