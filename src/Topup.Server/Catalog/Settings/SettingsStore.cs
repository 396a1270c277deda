using System.Data.Common;
using Dapper;
using Topup.Domain;
using Topup.Server.Storage;

namespace Topup.Server.Catalog.Settings;

/// <summary>All SQL of settings. They are few and small, and are read each time they are asked for: what was saved on one server holds on all.</summary>
internal sealed class SettingsStore(Database database)
{
    /// <summary>JSON of a setting; null: nothing was saved.</summary>
    public Task<string?> Read(string name, CancellationToken stop) => database.Read(async connection =>
        NullIfEmpty(await connection.ExecuteScalarAsync<string>("select value from settings where name = @name", new { name })), stop);

    /// <summary>Those of the names that were saved.</summary>
    public async Task<Dictionary<string, string>> Read(IReadOnlyCollection<string> names, CancellationToken stop)
    {
        var rows = await database.Read(connection => connection.QueryAsync<SettingRow>(
            $"select name as Name, value as Value from settings where name {database.Dialect.In("@names")} and value <> ''", new { names = names.ToArray() }), stop);
        return rows.ToDictionary(row => row.Name, row => row.Value, StringComparer.Ordinal);
    }

    /// <summary>What was saved, null for nothing. Nobody else can change it until the transaction ends.</summary>
    public async Task<string?> Lock(DbConnection connection, DbTransaction transaction, string name)
    {
        // A lock needs a row, also of what was never saved.
        await connection.ExecuteAsync("insert into settings (name, value, updated_at) values (@name, '', 0) on conflict (name) do nothing", new { name }, transaction);
        return NullIfEmpty(await connection.ExecuteScalarAsync<string>(
            $"select value from settings where name = @name{database.Dialect.Lock}", new { name }, transaction));
    }

    /// <summary>To be called under <see cref="Lock"/>.</summary>
    public static Task Save(DbConnection connection, DbTransaction transaction, string name, string value, Instant now) =>
        connection.ExecuteAsync("update settings set value = @value, updated_at = @now where name = @name", new { name, value, now = now.UnixMs }, transaction);

    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private sealed record SettingRow(string Name, string Value);
}
