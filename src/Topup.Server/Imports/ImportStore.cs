using System.Data.Common;
using System.Text.Json;
using Dapper;
using Topup.Domain;
using Topup.Domain.Imports;
using Topup.Server.Storage;

namespace Topup.Server.Imports;

/// <summary>All SQL of imports.</summary>
internal sealed class ImportStore(Database database)
{
    private const string Columns =
        """
        id as Id, kind as Kind, status as Status, row_count as RowCount, done as Done, failed as Failed, key as Key, fingerprint as Fingerprint, totals as Totals,
        large as Large, actor as Actor, created_at as CreatedAt, started_at as StartedAt, ended_at as EndedAt, forgotten as Forgotten
        """;

    // A part that was begun is ended whatever became of its import: nobody else could say which of its rows were done.
    private const string Due =
        """
        from import_parts p where p.status < 2 and (p.free_at <= @now or p.free_at > @far)
            and (p.status = 1 or exists (select 1 from imports i where i.id = p.import and i.status in (1, 2)))
        """;

    public Task<ImportRecord?> Find(string id, CancellationToken stop) => database.Read(async connection =>
        Of(await connection.QuerySingleOrDefaultAsync<Row>($"select {Columns} from imports where id = @id", new { id })), stop);

    public Task<ImportRecord?> FindByKey(string key, CancellationToken stop) => database.Read(async connection =>
        Of(await connection.QuerySingleOrDefaultAsync<Row>($"select {Columns} from imports where key = @key", new { key })), stop);

    /// <summary>The newest first.</summary>
    public async Task<List<ImportRecord>> List(string before, int limit, CancellationToken stop) =>
    [
        .. (await database.Read(connection => connection.QueryAsync<Row>(
            $"select {Columns} from imports where @before = '' or id < @before order by id desc limit @limit", new { before, limit = (long)limit }), stop))
            .Select(row => Of(row)!),
    ];

    /// <summary>Another import of the very same file that did something or is about to; null: there is none.</summary>
    public Task<ImportRecord?> FindSame(ImportRecord import, CancellationToken stop) => database.Read(async connection =>
        Of(await connection.QueryFirstOrDefaultAsync<Row>(
            $"select {Columns} from imports where fingerprint = @Fingerprint and id <> @Id and (status in (1, 2, 3) or done > 0) order by id desc limit 1",
            new { import.Fingerprint, import.Id })), stop);

    /// <summary>Keeps an import with its rows. False: another has its key, or too many are open; then nothing is kept.</summary>
    public Task<bool> Insert(ImportRecord import, List<ImportRow> rows, Func<DbConnection, DbTransaction, Task> alongside, CancellationToken stop) =>
        database.Transact(async (connection, transaction) =>
        {
            var open = await connection.ExecuteScalarAsync<long>("select count(*) from imports where status < 3", transaction: transaction);
            if (open >= ImportLimits.OpenMax) return false;
            var inserted = await connection.ExecuteAsync(
                """
                insert into imports (id, kind, status, key, fingerprint, totals, large, row_count, done, failed, actor, created_at, started_at, ended_at, forgotten)
                values (@Id, @kind, @status, @Key, @Fingerprint, @totals, @large, @rows, 0, 0, @KeyId, @createdAt, 0, 0, 0)
                on conflict (key) do nothing
                """,
                new
                {
                    import.Id, kind = (long)import.Kind, status = (long)import.Progress.Status, import.Key, import.Fingerprint,
                    totals = JsonSerializer.Serialize(import.Totals, ImportJson.Default.DictionaryStringDecimal), large = import.IsLarge ? 1L : 0L,
                    rows = import.Progress.Rows, import.KeyId, createdAt = import.CreatedAt.UnixMs,
                }, transaction);
            if (inserted == 0) return false;
            foreach (var (number, part) in rows.Chunk(ImportLimits.PartRows).Index())
            {
                await connection.ExecuteAsync(
                    "insert into import_parts (import, number, status, lease, free_at, content) values (@Id, @number, 0, '', 0, @content)",
                    new { import.Id, number = (long)number, content = JsonSerializer.Serialize([.. part], ImportJson.Default.ListImportRow) }, transaction);
            }
            await alongside(connection, transaction);
            return true;
        }, stop);

    /// <summary>Moves an import on, under its lock. Null: there is none. The same as before: nothing is written.</summary>
    public Task<(ImportRecord Import, bool Moved)?> Move(
        string id, Func<ImportProgress, ImportProgress?> move, Instant now, Func<DbConnection, DbTransaction, ImportRecord, Task> alongside, CancellationToken stop) =>
        database.Transact<(ImportRecord, bool)?>(async (connection, transaction) =>
        {
            if (await Lock(connection, transaction, id) is not { } before) return null;
            if (move(before.Progress) is not { } progress || progress == before.Progress) return (before, false);
            var after = At(before, progress, now);
            await Save(connection, transaction, after);
            await alongside(connection, transaction, after);
            return (after, true);
        }, stop);

    /// <summary>The first rows of a file that nobody has begun.</summary>
    public async Task<List<ImportRow>> FirstRows(string id, int count, CancellationToken stop)
    {
        var content = await database.Read(connection => connection.ExecuteScalarAsync<string>(
            "select content from import_parts where import = @id and number = 0", new { id }), stop);
        return [.. RowsOf(content ?? "").Take(count)];
    }

    /// <summary>Takes the next part that is to be done, for a while. Null: there is none.</summary>
    public async Task<ImportPart?> Claim(Instant now, TimeSpan lease, CancellationToken stop)
    {
        // Further off than a lease reaches was written by a clock that was wrong.
        var args = new { now = now.UnixMs, far = now.Plus(lease).UnixMs };
        if ((await database.Read(connection => connection.QueryAsync<long>($"select p.number {Due} limit 1", args), stop)).AsList().Count == 0) return null;
        return await database.Transact(async (connection, transaction) =>
        {
            var part = await connection.QueryFirstOrDefaultAsync<PartRow>(
                $"select p.import as Import, p.number as Number, p.content as Content {Due} order by p.import, p.number limit 1{database.Dialect.LockSkipLocked}",
                args, transaction);
            if (part is null) return null;
            var held = Guid.NewGuid().ToString();
            await connection.ExecuteAsync(
                "update import_parts set status = 1, lease = @held, free_at = @until where import = @Import and number = @Number",
                new { held, until = now.Plus(lease).UnixMs, part.Import, part.Number }, transaction);
            var import = (await Lock(connection, transaction, part.Import))!;
            if (import.Progress.Begin() is var begun && begun != import.Progress)
                await Save(connection, transaction, import with { Progress = begun, StartedAt = now });
            return new ImportPart(import.Id, import.Kind, import.KeyId, part.Number, held, RowsOf(part.Content));
        }, stop);
    }

    /// <summary>Writes what became of a part's rows. Null: somebody else has it meanwhile, and writes that.</summary>
    public Task<ImportRecord?> Complete(ImportPart part, IReadOnlyList<ImportFailure> failures, Instant now, CancellationToken stop) =>
        database.Transact(async (connection, transaction) =>
        {
            var written = await connection.ExecuteAsync(
                "update import_parts set status = 2, lease = '', free_at = 0, content = '' where import = @Import and number = @Number and status = 1 and lease = @Lease",
                new { part.Import, part.Number, part.Lease }, transaction);
            if (written == 0) return null;
            foreach (var failure in failures)
            {
                await connection.ExecuteAsync(
                    "insert into import_failures (import, line, cells, code, problem) values (@Import, @line, @cells, @Code, @Problem)",
                    new
                    {
                        part.Import, line = (long)failure.Line, cells = JsonSerializer.Serialize(failure.Cells, ImportJson.Default.StringArray), failure.Code, failure.Problem,
                    }, transaction);
            }
            var before = (await Lock(connection, transaction, part.Import))!;
            var after = At(before, before.Progress.Add(part.Rows.Count - failures.Count, failures.Count), now);
            await Save(connection, transaction, after);
            return after;
        }, stop);

    /// <summary>Gives a part back that could not be done now.</summary>
    public Task<bool> Release(ImportPart part, Instant until, CancellationToken stop) => database.Transact(async (connection, transaction) =>
        await connection.ExecuteAsync(
            "update import_parts set lease = '', free_at = @until where import = @Import and number = @Number and status = 1 and lease = @Lease",
            new { until = until.UnixMs, part.Import, part.Number, part.Lease }, transaction) == 1, stop);

    /// <summary>Rows that were refused, by line.</summary>
    public async Task<List<ImportFailure>> Failures(string id, long after, int limit, CancellationToken stop) =>
    [
        .. (await database.Read(connection => connection.QueryAsync<FailureRow>(
            """
            select line as Line, cells as Cells, code as Code, problem as Problem from import_failures where import = @id and line > @after
            order by line limit @limit
            """, new { id, after, limit = (long)limit }), stop))
            .Select(row => new ImportFailure((int)row.Line, JsonSerializer.Deserialize(row.Cells, ImportJson.Default.StringArray)!, row.Code, row.Problem)),
    ];

    /// <summary>The rows of the next part behind a number that nobody has begun; null: there is none.</summary>
    public async Task<(long Number, List<ImportRow> Rows)?> NotBegun(string id, long after, CancellationToken stop)
    {
        var part = await database.Read(connection => connection.QueryFirstOrDefaultAsync<PartRow>(
            """
            select import as Import, number as Number, content as Content from import_parts where import = @id and number > @after and status = 0
            order by number limit 1
            """, new { id, after }), stop);
        return part is null ? null : (part.Number, RowsOf(part.Content));
    }

    /// <summary>Forgets rows that are kept no longer, and files that nobody said yes to. Says of how many imports.</summary>
    public Task<int> Purge(Instant now, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        var ids = (await connection.QueryAsync<string>(
            """
            select id from imports where forgotten = 0
                and ((status >= 3 and ended_at > 0 and ended_at <= @old) or (status = 0 and created_at <= @unconfirmed))
            """,
            new { old = now.Plus(-ImportLimits.KeepFor).UnixMs, unconfirmed = now.Plus(-ImportLimits.KeepUnconfirmed).UnixMs }, transaction)).AsList();
        foreach (var id in ids)
        {
            await connection.ExecuteAsync("delete from import_parts where import = @id", new { id }, transaction);
            await connection.ExecuteAsync("delete from import_failures where import = @id", new { id }, transaction);
            await connection.ExecuteAsync("delete from imports where id = @id and status = 0", new { id }, transaction);
            await connection.ExecuteAsync("update imports set forgotten = 1 where id = @id", new { id }, transaction);
        }
        return ids.Count;
    }, stop);

    private static ImportRecord At(ImportRecord import, ImportProgress progress, Instant now) => import with
    {
        Progress = progress, EndedAt = progress.IsOver && import.EndedAt == Instant.Always ? now : import.EndedAt,
    };

    private async Task<ImportRecord?> Lock(DbConnection connection, DbTransaction transaction, string id) => Of(await connection.QuerySingleOrDefaultAsync<Row>(
        $"select {Columns} from imports where id = @id{database.Dialect.Lock}", new { id }, transaction));

    private static Task<int> Save(DbConnection connection, DbTransaction transaction, ImportRecord import) => connection.ExecuteAsync(
        "update imports set status = @status, done = @Done, failed = @Failed, started_at = @startedAt, ended_at = @endedAt where id = @Id",
        new
        {
            import.Id, status = (long)import.Progress.Status, import.Progress.Done, import.Progress.Failed, startedAt = import.StartedAt.UnixMs,
            endedAt = import.EndedAt.UnixMs,
        }, transaction);

    private static List<ImportRow> RowsOf(string content) => content.Length == 0 ? [] : JsonSerializer.Deserialize(content, ImportJson.Default.ListImportRow)!;

    private static ImportRecord? Of(Row? row) => row is null
        ? null
        : new ImportRecord(row.Id, (ImportKind)row.Kind, new ImportProgress((ImportStatus)row.Status, row.RowCount, row.Done, row.Failed), row.Key, row.Fingerprint,
            JsonSerializer.Deserialize(row.Totals, ImportJson.Default.DictionaryStringDecimal)!, row.Large == 1, row.Actor, new Instant(row.CreatedAt),
            new Instant(row.StartedAt), new Instant(row.EndedAt), row.Forgotten == 1);

    private sealed record Row(
        string Id, long Kind, long Status, long RowCount, long Done, long Failed, string Key, long Fingerprint, string Totals, long Large, string Actor,
        long CreatedAt, long StartedAt, long EndedAt, long Forgotten);

    private sealed record PartRow(string Import, long Number, string Content);

    private sealed record FailureRow(long Line, string Cells, string Code, string Problem);
}
