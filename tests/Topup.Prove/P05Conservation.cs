using System.Data.Common;
using System.Globalization;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Topup.Client;
using Topup.Contracts;
using Topup.Server.Storage;
using Topup.Testing;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P5: conservation. Callers do everything that can be done to a few pools at once, while the ledger is verified over and
/// over; afterwards history is added up here, pools are rebuilt at random past moments, and figures are falsified in the
/// database one by one: each must be found.
/// </summary>
internal sealed class P05Conservation : Proof
{
    private const int Operations = 200_000;
    private const int Callers = 16;
    private const int Tenants = 8;
    private const int Moments = 50;

    // A server says loudly when its ledger does not verify, and here it is meant not to.
    private const string Quiet = "--Logging:LogLevel:Default=None";

    private static readonly string[] Falsifications =
    [
        "update lots set remaining = remaining + 1 where {one}", "update lots set remaining = remaining + 1, granted = granted + 1 where {one}",
        "update lots set drawn = drawn + 1, granted = granted + 1 where {one}", "update lots set drawn = drawn - 1, expired = expired + 1 where {one} and drawn > 0",
        "update pools set purchased = purchased + 1 where {one}", "update pools set held = held + 1 where {one}",
        "update pools set debt = debt + 1 where {one}", "update pools set allowance_used = allowance_used + 1 where {one}",
        "update entries set amount = amount + 1 where {one} and kind = 8", "update entries set purchased_after = purchased_after + 1 where {one}",
        "update pools set entries = entries + 1 where {one}", "update entries set previous = previous + 1 where {one}",
        "delete from entries where {one}",
    ];

    public override string Name => "P5";

    public override string Promise => "For every pool and lot: granted = left + held + used + expired + taken back, and history adds up to the balance.";

    public override async Task Run(Trial trial)
    {
        await using (var host = await TestHost.Start(DatabaseKind.Sqlite, Quiet)) await Run(trial, host);
        await using (var host = await TestHost.Start(DatabaseKind.Postgres, Quiet)) await Run(trial, host);
    }

    private static async Task Run(Trial trial, TestHost host)
    {
        var (type, tenants) = (await host.NewType(decimals: 2, debtLimit: 50), new List<string>());
        var plan = await host.NewPlan((type, 100));
        for (var i = 0; i < Tenants; i++) tenants.Add(await host.NewTenant(plan, renewalDay: 1 + i * 4));

        using var enough = new CancellationTokenSource();
        var verifying = VerifyUntil(trial, host, enough.Token);
        var operations = trial.Of(Operations / 2);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(() => Call(host, tenants, type,
            new Random(unchecked(trial.Seed * 31 + i)), operations / Callers))));
        await enough.CancelAsync();
        await verifying;
        trial.Ran("operations", operations);
        foreach (var tenant in tenants) await AddUp(trial, host, tenant, type);
        await Falsify(trial, host);
    }

    private static async Task VerifyUntil(Trial trial, TestHost host, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await host.Verify();
            trial.Ran("verifications of the live ledger");
        }
    }

    private static async Task Call(TestHost host, List<string> tenants, string type, Random random, int operations)
    {
        var (holds, grants, entries) = (new List<string>(), new List<string>(), new List<string>());
        for (var i = 0; i < operations; i++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(random.Next(0, 60)));
            var (tenant, amount) = (tenants[random.Next(tenants.Count)], random.Next(1, 2_000) / 100m);
            try
            {
                switch (random.Next(12))
                {
                    case < 5 when await host.Consume(tenant, type, amount, onShortage: random.Next(2) == 0 ? "cap" : null) is { Entry: { } entry }:
                        entries.Add(entry);
                        break;
                    case 5 or 6 when await host.Client.PlaceHold(new HoldRequest { Tenant = tenant, Type = type, Amount = amount, ExpiresIn = 600 }) is { Hold: { } hold }:
                        holds.Add(hold);
                        break;
                    case 7 when holds.Count > 0:
                        entries.Add((await host.Client.CaptureHold(Take(holds, random), new CaptureRequest { Amount = amount })).Entry);
                        break;
                    case 8 when holds.Count > 0:
                        await host.Client.ReleaseHold(Take(holds, random));
                        break;
                    case 9:
                        grants.Add(await host.Grant(tenant, type, amount * 4,
                            expiresAt: random.Next(2) == 0 ? host.Clock.GetUtcNow().AddDays(random.Next(1, 5)) : null));
                        break;
                    case 10 when grants.Count > 0:
                        await host.Client.VoidGrant(Take(grants, random), new VoidRequest { Reason = "proof", Spent = random.Next(2) == 0 ? "debt" : "forgive" });
                        break;
                    case 11 when entries.Count > 0:
                        await host.Client.ReverseEntry(new ReversalRequest { Entry = Take(entries, random) });
                        break;
                }
            }
            catch (TopupException refused) when (refused.Status is 402 or 409)
            {
                // A hold that has expired, a grant that is used up: an answer like any other.
            }
        }
    }

    /// <summary>History is one chain, and every past moment is where the chain stood.</summary>
    private static async Task AddUp(Trial trial, TestHost host, string tenant, string type)
    {
        var history = new List<EntryView>();
        await foreach (var entry in host.Client.ListEntries(tenant)) history.Add(entry);
        history.Reverse();
        var before = new BalanceView { Allowance = 0, Purchased = 0, Held = 0, Debt = 0 };
        foreach (var entry in history)
        {
            BrokenPromiseException.Unless(entry.Before == before, $"{entry.Id} begins with {entry.Before} after {before}");
            before = entry.After;
        }
        for (var i = 0; i < Moments && history.Count > 0; i++)
        {
            var at = history[trial.Random.Next(history.Count)].At;
            var (past, last) = (await host.Client.GetPool(tenant, type, at), history.FindLast(entry => entry.At <= at)!);
            BrokenPromiseException.Unless(past.Entry == last.Id && past.Remaining.Purchased == last.After.Purchased && past.Remaining.Allowance == last.After.Allowance,
                $"{tenant} at {at:O} is {past}, and its history says {last}");
            trial.Ran("past moments rebuilt");
        }
        await foreach (var lot in host.Client.ListGrants(tenant))
        {
            BrokenPromiseException.Unless(lot.Granted == lot.Remaining + lot.Held + lot.Drawn + lot.Expired + lot.TakenBack, $"Not conserved: {lot}");
            trial.Ran("lots");
        }
    }

    private static async Task Falsify(Trial trial, TestHost host)
    {
        var database = host.Services.GetRequiredService<Database>();
        foreach (var falsification in Falsifications)
        {
            var words = falsification.Split(' ');
            var table = words[0] == "delete" ? words[2] : words[1];
            var number = table == "pools" ? "last_entry" : "id";
            var only = falsification.Split(" and ") is [_, var condition] ? "where " + condition : "";
            var (tenant, id) = await database.Read(connection => connection.QueryFirstAsync<(string, long)>(
                $"select tenant_id, {number} from {table} {only} order by tenant_id, {number} limit 1"), CancellationToken.None);
            var one = $"tenant_id = @tenant and {number} = @id";

            await Execute($"create table saved as select * from {table} where {one}".Replace("@tenant", $"'{tenant}'", StringComparison.Ordinal)
                .Replace("@id", id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
            try
            {
                await Execute(falsification.Replace("{one}", one, StringComparison.Ordinal));
            }
            catch (DbException refused) when (refused.Message.Contains("check", StringComparison.OrdinalIgnoreCase))
            {
                await Execute("drop table saved");
                trial.Fault("falsified figures refused by the database");
                continue;
            }
            var found = !(await host.Client.VerifyLedger()).Ok;
            await Execute($"delete from {table} where {one}", $"insert into {table} select * from saved", "drop table saved");

            BrokenPromiseException.Unless(found, $"Verification did not find: {falsification}");
            trial.Fault("falsified figures found");

            Task<bool> Execute(params string[] statements) => database.Transact(async (connection, transaction) =>
            {
                foreach (var sql in statements) await connection.ExecuteAsync(sql, new { tenant, id }, transaction);
                return true;
            }, CancellationToken.None);
        }
        await host.Verify();
    }

    private static string Take(List<string> from, Random random)
    {
        var at = random.Next(from.Count);
        var taken = from[at];
        from.RemoveAt(at);
        return taken;
    }
}
