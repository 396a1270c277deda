using System.Globalization;
using Topup.Client;
using Topup.Contracts;
using Topup.Testing;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P4: one effect per idempotency key. The same change 50 times at once through two servers, again after both were
/// killed meanwhile, with another body, and with the same key for another tenant.
/// </summary>
internal sealed class P04OneEffect : Proof
{
    private const int Rounds = 5_000;
    private const int Callers = 50;
    private const int KillEvery = 50;

    public override string Name => "P4";

    public override string Promise => "A key has one effect and one reply: at once, across a crash and across servers; it belongs to its tenant.";

    public override async Task Run(Trial trial)
    {
        await using var postgres = await PrivatePostgres.Start();
        var database = await postgres.NewDatabase();
        await using (var first = await ServerProcess.OnPostgres(database))
        await using (var second = await ServerProcess.OnPostgres(database))
            await Run(trial, [first, second], "two servers on PostgreSQL");
        using var folder = new TemporaryFolder();
        await using var sqlite = await ServerProcess.OnSqlite(folder.Path);
        await Run(trial, [sqlite], "SQLite");
    }

    private static async Task Run(Trial trial, ServerProcess[] servers, string where)
    {
        using var platform = new TopupClient(servers[0].Address, ServerProcess.Key);
        using var races = new Races([.. servers.Select(server => server.Address)], Callers, ServerProcess.Key);
        using var one = new LoadClient(servers[0].Address);
        var rounds = trial.Of(Rounds / 2, min: KillEvery);
        await platform.SaveCreditType("sms", new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0 });
        foreach (var tenant in (string[])["a", "b"])
        {
            await platform.SaveTenant(tenant, new TenantRequest { Name = tenant, Plan = null });
            await platform.GrantCredits(new GrantRequest { Tenant = tenant, Type = "sms", Amount = 1_000_000, Source = "import" });
        }
        for (var round = 1; round <= rounds; round++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"key-{round}");
            if (round % KillEvery == 0)
            {
                trial.Fault("changes in flight when their server was killed", await Crash(trial, servers, key));
                trial.Fault("kills", servers.Length);
                races.Disconnect();
                one.Dispose();
            }
            trial.Fault("repeats at the same time", await races.SameKey("a", "sms", key));
            var other = await one.Consume("a", "sms", 2, key);
            BrokenPromiseException.Unless(other.Status == 409 && other.Word("code") == ProblemCodes.IdempotencyKeyReused, $"Another body with the key: {other.Text}");
            var foreign = await one.Consume("b", "sms", 1, key);
            BrokenPromiseException.Unless(foreign.IsAllowed && !foreign.IsReplayed, $"Another tenant's own key: {foreign.Text}");
        }
        foreach (var tenant in (string[])["a", "b"])
        {
            var pool = await platform.GetPool(tenant, "sms");
            BrokenPromiseException.Unless(pool.Remaining.Total == 1_000_000 - rounds, $"{tenant}: {rounds} keys took {1_000_000 - pool.Remaining.Total} credits on {where}.");
        }
        var report = await platform.VerifyLedger();
        BrokenPromiseException.Unless(report.Ok, string.Join("; ", report.Differences));
        trial.Ran($"keys on {where}", rounds);
    }

    /// <summary>Kills every server while the change is on its way, and starts them again; says how many callers were left without a reply.</summary>
    private static async Task<int> Crash(Trial trial, ServerProcess[] servers, string key)
    {
        var calls = servers.SelectMany(server => Enumerable.Range(0, Callers / servers.Length).Select(async _ =>
        {
            using var client = new LoadClient(server.Address);
            try
            {
                await client.Consume("a", "sms", 1, key);
                return 0;
            }
            catch (IOException)
            {
                return 1;
            }
        })).ToArray();
        await Task.Delay(trial.Random.Next(0, 12));
        await Task.WhenAll(servers.Select(server => server.Kill()));
        var unanswered = (await Task.WhenAll(calls)).Sum();
        await Task.WhenAll(servers.Select(server => server.Restart()));
        return unanswered;
    }
}
