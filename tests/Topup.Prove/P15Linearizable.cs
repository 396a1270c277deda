using System.Globalization;
using Topup.Testing;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P15: per-account linearizable reads and writes. Eight callers use, grant and read one account at once, through two
/// servers on one PostgreSQL or through one on SQLite; an order that explains every answer must exist.
/// </summary>
internal sealed class P15Linearizable : Proof
{
    private const int Histories = 1_000;
    private const int Calls = 200;
    private const int Callers = 8;

    public override string Name => "P15";

    public override string Promise => "Every account behaves as if its calls came one after the other, reads included, whichever server they reach.";

    public override async Task Run(Trial trial)
    {
        await using (var host = await TestHost.Start(DatabaseKind.Sqlite)) await Run(trial, [host], "SQLite");
        var shared = "--Topup:Database=" + await (await PrivatePostgres.Shared).NewDatabase();
        await using var first = await TestHost.Start(DatabaseKind.Postgres, shared);
        await using var second = await TestHost.Start(DatabaseKind.Postgres, shared);
        await Run(trial, [first, second], "two servers on PostgreSQL");
    }

    private static async Task Run(Trial trial, TestHost[] hosts, string where)
    {
        var callers = Enumerable.Range(0, Callers).Select(i => new LoadClient(hosts[i % hosts.Length].Url, TestHost.BootstrapKey)).ToArray();
        try
        {
            var type = await hosts[0].NewType();
            var histories = trial.Of(Histories / 2);
            for (var i = 0; i < histories; i++)
            {
                var calls = await History.Record(callers, await hosts[0].NewTenant(), type, Calls, unchecked(trial.Seed + i));
                BrokenPromiseException.Unless(History.IsLinearizable(calls),
                    string.Create(CultureInfo.InvariantCulture, $"History {i} on {where}:\n{string.Join('\n', calls)}"));
                trial.Fault("pairs of overlapping calls", History.Overlaps(calls));
            }
            trial.Ran($"histories of {Calls} calls on {where}", histories);
        }
        finally
        {
            foreach (var caller in callers) caller.Dispose();
        }
    }
}
