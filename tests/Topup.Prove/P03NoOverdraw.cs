using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Topup.Domain.Ledger;
using Topup.Server.Ledger;
using Topup.Testing;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P3: no overdraw under any concurrency. Round after round, 1,000 callers want the one credit of a pool: on SQLite, on
/// PostgreSQL, and through two servers on one PostgreSQL. Exactly one gets it.
/// </summary>
internal sealed class P03NoOverdraw : Proof
{
    private const int Operations = 10_000_000;
    private const int Callers = 1_000;
    private const int PoolsAtOnce = 4;

    public override string Name => "P3";

    public override string Promise => "A credit is spent once, however many want it at the same time; no pool goes below zero.";

    public override async Task Run(Trial trial)
    {
        var rounds = trial.Of(Operations / Callers / 3);
        await using (var sqlite = await TestHost.Start(DatabaseKind.Sqlite)) await Run(trial, [sqlite], rounds, "SQLite");
        await using (var postgres = await TestHost.Start(DatabaseKind.Postgres)) await Run(trial, [postgres], rounds, "PostgreSQL");
        var shared = "--Topup:Database=" + await (await PrivatePostgres.Shared).NewDatabase();
        await using var first = await TestHost.Start(DatabaseKind.Postgres, shared);
        await using var second = await TestHost.Start(DatabaseKind.Postgres, shared);
        await Run(trial, [first, second], rounds, "two servers");
    }

    private static async Task Run(Trial trial, TestHost[] hosts, int rounds, string where)
    {
        var type = await hosts[0].NewType();
        var lanes = hosts.Select(host => host.Services.GetRequiredService<LedgerLanes>()).ToArray();
        for (var round = 0; round < rounds; round += PoolsAtOnce)
            await Task.WhenAll(Enumerable.Range(round, Math.Min(PoolsAtOnce, rounds - round)).Select(number => Race(hosts[0], lanes, type, number)));
        trial.Ran("consumes on " + where, (long)rounds * Callers);
        trial.Fault("refused at the same moment", (long)rounds * (Callers - 1));
    }

    private static async Task Race(TestHost host, LedgerLanes[] lanes, string type, int number)
    {
        var tenant = await host.NewTenant();
        await host.Grant(tenant, type, 1);
        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(() => Submit(lanes[i % lanes.Length],
            new ConsumeCredits.Request(tenant, new UseAsked(type, 1), caps: false, new Note(string.Create(CultureInfo.InvariantCulture, $"{number}-{i}"), i, "proof"))))));
        var (allowed, refused) = (answers.Count(answer => answer.Main is not null), answers.Count(answer => answer.Refusal == LedgerRefusal.InsufficientCredits));
        BrokenPromiseException.Unless(allowed == 1 && refused == Callers - 1, $"{tenant}: {allowed} allowed, {refused} refused of {Callers}.");
        var pool = await host.Client.GetPool(tenant, type);
        BrokenPromiseException.Unless(pool.Remaining is { Total: 0, Purchased: 0, Debt: 0 }, $"{tenant} is left with {pool.Remaining}");
    }

    private static async Task<LedgerOutcome> Submit(LedgerLanes lanes, LedgerRequest request)
    {
        while (true)
        {
            if (lanes.Submit(request) is { } answer) return await answer;
            await Task.Delay(1);
        }
    }
}
