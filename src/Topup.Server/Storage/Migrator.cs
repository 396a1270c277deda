using System.Data.Common;
using System.Globalization;
using Dapper;
using Topup.Domain;

namespace Topup.Server.Storage;

/// <summary>
/// Brings the schema up to date from the numbered files in Migrations/, in order, each in one transaction that also
/// holds the lock: any number of servers may start at once, and one that dies half-way leaves a whole number of files.
/// </summary>
internal static class Migrator
{
    // Any constant will do, as long as nobody else locks it in the same database.
    private const long PostgresLock = 0x746f707570;

    /// <summary>True when the schema did not exist before.</summary>
    public static async Task<bool> Run(Database database, TimeProvider clock, ILogger log, CancellationToken stop)
    {
        var migrations = Find(database.Dialect);
        var first = await database.Transact((connection, transaction) =>
            ReadVersion(database.Dialect, connection, transaction), stop);
        var known = migrations[^1].Version;
        if (first > known)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The database has schema version {first}; this program knows versions up to {known}. Run a newer program."));

        var created = false;
        foreach (var migration in migrations.Where(migration => migration.Version > first))
        {
            var applied = await database.Transact((connection, transaction) =>
                Apply(database.Dialect, migration, Instant.From(clock.GetUtcNow()), connection, transaction), stop);
            if (!applied) continue;
            created |= migration == migrations[0];
            log.LogInformation("Applied migration {Name}", migration.Name);
        }
        return created;
    }

    private static async Task<bool> Apply(
        Dialect dialect, Migration migration, Instant now, DbConnection connection, DbTransaction transaction)
    {
        // Another server may have been faster while this one waited for the lock.
        if (await ReadVersion(dialect, connection, transaction) >= migration.Version) return false;
        await connection.ExecuteAsync(migration.Read(), transaction: transaction, commandTimeout: 0);
        await connection.ExecuteAsync("insert into schema_version(version, applied_at) values (@version, @now)",
            new { version = migration.Version, now = now.UnixMs }, transaction);
        return true;
    }

    private static async Task<long> ReadVersion(Dialect dialect, DbConnection connection, DbTransaction transaction)
    {
        if (dialect == Dialect.Postgres)
            await connection.ExecuteAsync("select pg_advisory_xact_lock(@key)", new { key = PostgresLock }, transaction);
        await connection.ExecuteAsync(
            "create table if not exists schema_version(version bigint not null primary key, applied_at bigint not null)",
            transaction: transaction);
        return await connection.ExecuteScalarAsync<long>(
            "select coalesce(max(version), 0) from schema_version", transaction: transaction);
    }

    private static List<Migration> Find(Dialect dialect)
    {
        var folder = dialect == Dialect.Postgres ? "Migrations/Postgres/" : "Migrations/Sqlite/";
        return [.. typeof(Migrator).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => new Migration(int.Parse(name.AsSpan(folder.Length, 4), CultureInfo.InvariantCulture), name))];
    }

    private sealed record Migration(int Version, string Name)
    {
        public string Read()
        {
            using var reader = new StreamReader(typeof(Migrator).Assembly.GetManifestResourceStream(Name)!);
            return reader.ReadToEnd();
        }
    }
}
