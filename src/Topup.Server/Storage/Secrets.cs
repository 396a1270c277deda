using System.Data.Common;
using Dapper;
using Topup.Domain;

namespace Topup.Server.Storage;

/// <summary>The operator's secrets, such as the keys of payment providers: encrypted in the database, in clear only in memory.</summary>
internal sealed class Secrets(Database database, SecretKeys keys)
{
    /// <summary>Those of the names that are saved.</summary>
    public async Task<Dictionary<string, StoredSecret>> Read(IReadOnlyCollection<string> names, CancellationToken stop)
    {
        var rows = await database.Read(connection => connection.QueryAsync<SecretRow>(
            $"select name as Name, value as Value from secrets where name {database.Dialect.In("@names")}", new { names = names.ToArray() }), stop);
        return rows.ToDictionary(row => row.Name, Open, StringComparer.Ordinal);
    }

    public static async Task<bool> Exists(DbConnection connection, DbTransaction transaction, string name) =>
        await connection.ExecuteScalarAsync<long>("select count(*) from secrets where name = @name", new { name }, transaction) > 0;

    /// <summary>The secret as it is in the transaction of a change; null: there is none, or it cannot be read.</summary>
    public static async Task<string?> Find(DbConnection connection, DbTransaction transaction, SecretBox box, string name)
    {
        var value = await connection.ExecuteScalarAsync<byte[]>("select value from secrets where name = @name", new { name }, transaction);
        return value is not null && box.Open(name, value, out var secret) == SecretFailure.None ? secret : null;
    }

    /// <summary>Saves in the transaction of a change.</summary>
    /// <param name="box">From <see cref="SecretKeys.FindOrMake"/>.</param>
    public static Task Save(DbConnection connection, DbTransaction transaction, SecretBox box, string name, string secret, Instant now) =>
        connection.ExecuteAsync(
            """
            insert into secrets (name, value, updated_at) values (@name, @value, @now)
            on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at
            """, new { name, value = box.Seal(name, secret), now = now.UnixMs }, transaction);

    public static Task Forget(DbConnection connection, DbTransaction transaction, string name) =>
        connection.ExecuteAsync("delete from secrets where name = @name", new { name }, transaction);

    /// <summary>
    /// Seals under the first key what was sealed under another, so that the others may be taken out of the setting. Returns
    /// how many there were.
    /// </summary>
    public Task<int> Renew(CancellationToken stop) => keys.Find() is not { } box ? Task.FromResult(0) : database.Transact(async (connection, transaction) =>
    {
        var rows = await connection.QueryAsync<SecretRow>(
            $"select name as Name, value as Value from secrets order by name{database.Dialect.Lock}", transaction: transaction);
        var renewed = 0;
        foreach (var row in rows)
        {
            if (box.IsOfFirstKey(row.Value) || box.Open(row.Name, row.Value, out var secret) != SecretFailure.None) continue;
            renewed += await connection.ExecuteAsync("update secrets set value = @value where name = @Name",
                new { value = box.Seal(row.Name, secret), row.Name }, transaction);
        }
        return renewed;
    }, stop);

    private StoredSecret Open(SecretRow row)
    {
        if (keys.Find() is not { } box) return new StoredSecret("", SecretFailure.KeyMissing);
        var failure = box.Open(row.Name, row.Value, out var secret);
        return new StoredSecret(secret, failure);
    }

    private sealed record SecretRow(string Name, byte[] Value);
}

/// <param name="Value">Empty where there is a failure.</param>
internal readonly record struct StoredSecret(string Value, SecretFailure Failure)
{
    /// <summary>A record would write the secret into a log.</summary>
    public override string ToString() => Failure == SecretFailure.None ? "(secret)" : Failure.ToString();
}
