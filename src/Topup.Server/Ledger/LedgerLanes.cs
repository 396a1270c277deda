using System.Diagnostics.Metrics;
using Topup.Server.Catalog;
using Topup.Server.Storage;

namespace Topup.Server.Ledger;

/// <summary>
/// The only door to a balance. Every change of a tenant goes through the same lane of its server; where several servers
/// share a database, the lock on the tenant's row keeps their lanes apart.
/// </summary>
internal sealed class LedgerLanes : IHostedService, IAsyncDisposable
{
    private readonly Lane<LedgerRequest>[] lanes;
    private readonly ILaneConnection[] connections;

    public LedgerLanes(
        Database database, CatalogCache catalogs, Outbox outbox, TimeProvider clock, TimeZoneInfo zone, LedgerOptions options, LedgerMetrics metrics,
        ILogger<LedgerLanes> log)
    {
        var oneFile = database.Dialect == Dialect.Sqlite;
        var count = oneFile ? 1 : options.Lanes;
        connections = [.. Enumerable.Range(0, count).Select(_ => database.OpenLane())];
        lanes = [.. connections.Select(connection =>
        {
            var batch = new LedgerBatch(connection, catalogs, outbox, clock, zone, metrics, log, chained: oneFile, options.UsageByDay);
            return new Lane<LedgerRequest>(
                options.QueueMax, options.BatchMax, batch.Run, log, ownThread: oneFile);
        })];
        metrics.WatchQueues(() => lanes.Select((lane, index) => new Measurement<int>(lane.Waiting, new KeyValuePair<string, object?>("lane", index))));
    }

    /// <summary>Makes the change and says what became of it, after it is durable. Null: too many wait already.</summary>
    public Task<LedgerOutcome>? Submit(LedgerRequest request) =>
        lanes[request.Bucket % lanes.Length].TryEnqueue(request) ? request.Answer : null;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var lane in lanes) lane.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(lanes.Select(lane => lane.Drain()));

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections) await connection.DisposeAsync();
    }
}
