using System.Text.Json;
using Dapper;
using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Checkout.Reconciliations;

/// <summary>All SQL of reconciliations. Reports are written once and never change.</summary>
internal sealed class ReconciliationStore(Database database, Outbox outbox)
{
    private const string Columns = "fingerprint as Fingerprint, report as Report";

    /// <summary>Keeps a report and tells of it. Null: another is kept under this key.</summary>
    /// <param name="key">Empty: nobody has asked for it.</param>
    public async Task<ReconciliationView?> Save(ReconciliationView made, string key, long fingerprint, Instant now, CancellationToken stop)
    {
        var kept = await database.Transact(async (connection, transaction) =>
        {
            var written = await connection.ExecuteAsync(
                """
                insert into reconciliations (id, key, fingerprint, orphans, report) values (@id, @key, @fingerprint, @orphans, @report)
                on conflict do nothing
                """,
                new
                {
                    id = made.Id, key, fingerprint, orphans = made.Methods.Sum(method => (long)method.Orphans),
                    report = JsonSerializer.Serialize(made, Json.Wire.ReconciliationView),
                }, transaction);
            if (written == 0) return null;
            foreach (var @event in EventsOf(made, now)) await Outbox.Add(connection, transaction, @event);
            return made;
        }, stop);
        if (kept is not null) outbox.Nudge();
        return kept;
    }

    public Task<StoredReconciliation?> FindByKey(string key, CancellationToken stop) => database.Read(async connection =>
        await connection.QuerySingleOrDefaultAsync<Row>($"select {Columns} from reconciliations where key = @key and key <> ''", new { key }) is { } row
            ? new StoredReconciliation(row.Fingerprint, Read(row))
            : null, stop);

    public Task<ReconciliationView?> Find(string id, CancellationToken stop) => database.Read(async connection =>
        await connection.QuerySingleOrDefaultAsync<Row>($"select {Columns} from reconciliations where id = @id", new { id }) is { } row ? Read(row) : null, stop);

    /// <summary>The newest first; ids sort by time.</summary>
    public async Task<List<ReconciliationView>> List(string before, int limit, CancellationToken stop) =>
        [.. (await database.Read(connection => connection.QueryAsync<Row>(
            $"select {Columns} from reconciliations where @before = '' or id < @before order by id desc limit @limit",
            new { before, limit = (long)limit }), stop)).Select(Read)];

    /// <summary>How many differences the last one has left.</summary>
    public Task<long> LastOrphans(CancellationToken stop) => database.Read(connection =>
        connection.ExecuteScalarAsync<long>("select orphans from reconciliations order by id desc limit 1"), stop);

    /// <summary>When the next is due, in Unix milliseconds; 0: nobody has said so yet.</summary>
    public Task<long> DueAt(CancellationToken stop) => database.Read(connection =>
        connection.ExecuteScalarAsync<long>("select value from counters where name = 'reconciliation'"), stop);

    /// <summary>Sets when the next is due, if it is still due when it was; of several servers one does.</summary>
    public Task<bool> MoveDue(long from, Instant to, CancellationToken stop) => database.Transact(async (connection, transaction) =>
        await connection.ExecuteAsync("update counters set value = @to where name = 'reconciliation' and value = @from",
            new { from, to = to.UnixMs }, transaction) == 1, stop);

    /// <summary>They are the operator's, so they are of no tenant.</summary>
    private static IEnumerable<OutboxEvent> EventsOf(ReconciliationView made, Instant now)
    {
        var data = new ReconciliationEventData
        {
            Reconciliation = made.Id, From = made.From, Until = made.Until, Listed = made.Methods.Sum(method => method.Listed),
            Matched = made.Methods.Sum(method => method.Matched), Repaired = made.Methods.Sum(method => method.Repaired),
            Orphans = made.Methods.Sum(method => method.Orphans),
            Failed = [.. made.Methods.Where(method => method.Failure is not null).Select(method => method.Method)],
        };
        var payload = JsonSerializer.Serialize(data, Json.Wire.ReconciliationEventData);
        yield return OutboxEvent.Create("", "reconciliation.completed", now, payload);
        if (data.Orphans > 0) yield return OutboxEvent.Create("", "reconciliation.orphan", now, payload);
    }

    private static ReconciliationView Read(Row row) => JsonSerializer.Deserialize(row.Report, TopupJson.Default.ReconciliationView)!;

    private sealed record Row(long Fingerprint, string Report);
}

/// <summary>A report, and the fingerprint of the request that it answers.</summary>
internal sealed record StoredReconciliation(long Fingerprint, ReconciliationView Report);
