using System.Diagnostics;
using Npgsql;

namespace Topup.Bench;

/// <summary>
/// The strongest way to consume without batching: one statement, one round trip, atomic, no overdraft, with a line of
/// history under a unique key. It is the opponent of the engine on PostgreSQL; it knows no lots, holds or replies.
/// </summary>
internal sealed class RowLockBaseline(string connectionString)
{
    private const string Schema = """
        create table nb (tenant bigint, pool int, balance bigint not null check (balance >= 0), primary key (tenant, pool)) with (fillfactor = 60);
        create table ne (tenant bigint, idem uuid, pool int, amount bigint, after bigint, at timestamptz default now(), primary key (tenant, idem));
        """;

    private const string Consume = """
        with d as (update nb set balance = balance - 1 where tenant = $1 and pool = 1 and balance >= 1 returning tenant, pool, balance)
        insert into ne (tenant, idem, pool, amount, after) select tenant, gen_random_uuid(), pool, 1, balance from d
        """;

    public async Task Prepare(int tenants)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand(Schema, connection);
        await create.ExecuteNonQueryAsync();
        await using var fill = new NpgsqlCommand("insert into nb select t, 1, 1000000000000 from generate_series(0, $1 - 1) as t", connection);
        fill.Parameters.Add(new NpgsqlParameter<int> { TypedValue = tenants });
        await fill.ExecuteNonQueryAsync();
        await using var analyze = new NpgsqlCommand("vacuum analyze", connection);
        await analyze.ExecuteNonQueryAsync();
    }

    public async Task<Rate> Run(int clients, Func<long, int> tenantOf, TimeSpan warmUp, TimeSpan time)
    {
        var (done, running, number) = (0L, true, 0L);
        var callers = Enumerable.Range(0, clients).Select(async _ =>
        {
            await using var connection = new NpgsqlConnection(connectionString + ";Maximum Pool Size=200;No Reset On Close=true");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(Consume, connection);
            var tenant = new NpgsqlParameter<long>();
            command.Parameters.Add(tenant);
            await command.PrepareAsync();
            while (Volatile.Read(ref running))
            {
                tenant.TypedValue = tenantOf(Interlocked.Increment(ref number));
                if (await command.ExecuteNonQueryAsync() != 1) throw new InvalidOperationException("A consume was not granted.");
                Interlocked.Increment(ref done);
            }
        }).ToArray();
        await Task.Delay(warmUp);
        var (before, started) = (Interlocked.Read(ref done), Stopwatch.GetTimestamp());
        await Task.Delay(time);
        var rate = new Rate(Interlocked.Read(ref done) - before, Stopwatch.GetElapsedTime(started), 0);
        Volatile.Write(ref running, false);
        await Task.WhenAll(callers);
        return rate;
    }
}
