using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Messaging;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Messaging.Suppressions;

/// <summary>
/// Recipients that get no more messages. The list outlives the messages, so it must not be a list of addresses: it holds a
/// hash of each. Numbers are few enough to try them all, so the hash is keyed, and the key is sealed among the secrets;
/// whoever has the database alone can tell nobody from it.
/// </summary>
internal sealed class SuppressionList(Database database, Secrets secrets, SecretKeys keys, TimeProvider clock)
{
    /// <summary>Why a message to one of them is not let through.</summary>
    public const string Reason = "recipient_suppressed";

    private const string KeyName = "suppressions.key";
    private const int KeyLength = 32;
    private const int BytesKept = 16;
    private const string Columns =
        "recipient as Recipient, tenant_id as Tenant, channel as Channel, masked as Masked, cause as Cause, reason as Reason, created_at as CreatedAt";

    /// <summary>Once made it never changes.</summary>
    private byte[]? key;

    /// <summary>Whether a tenant's messages to a recipient are not let through.</summary>
    public async Task<Outcome<bool>> Has(string tenant, string channel, string to, CancellationToken stop)
    {
        var found = await Key(stop);
        if (found.Problem is { } problem) return problem;
        if (found.Value.Length == 0) return false;
        return await database.Read(connection => connection.ExecuteScalarAsync<long>(
            "select count(*) from suppressions where recipient = @recipient and (tenant_id = '' or tenant_id = @tenant)",
            new { recipient = HashOf(found.Value, channel, to), tenant }), stop) > 0;
    }

    /// <summary>All that keep messages from a recipient.</summary>
    /// <param name="tenant">Those of all tenants, and of this one; null: of any.</param>
    public async Task<Outcome<List<SuppressionRow>>> Of(string channel, string to, string? tenant, CancellationToken stop)
    {
        var found = await Key(stop);
        if (found.Problem is { } problem) return problem;
        if (found.Value.Length == 0) return new List<SuppressionRow>();
        return await Many(
            "recipient = @recipient and (@any = 1 or tenant_id = '' or tenant_id = @tenant) order by tenant_id",
            new { recipient = HashOf(found.Value, channel, to), any = tenant is null ? 1L : 0L, tenant = tenant ?? "" }, stop);
    }

    public async Task<SuppressionRow?> Find(SuppressionId id, CancellationToken stop) =>
        (await Many("recipient = @recipient and tenant_id = @tenant", new { recipient = id.Recipient, tenant = id.Tenant }, stop)).FirstOrDefault();

    /// <summary>The newest first.</summary>
    public Task<List<SuppressionRow>> List(string? channel, string? tenant, PlaceInSuppressions before, int limit, CancellationToken stop) => Many(
        $"""
        created_at <= @at and (created_at < @at or (created_at = @at and (recipient < @recipient or (recipient = @recipient and tenant_id < @beforeTenant))))
        {(channel is null ? "" : "and channel = @channel")} {(tenant is null ? "" : "and tenant_id = @tenant")}
        order by created_at desc, recipient desc, tenant_id desc limit @limit
        """,
        new { at = before.At, recipient = before.Id.Recipient, beforeTenant = before.Id.Tenant, channel, tenant, limit = (long)limit }, stop);

    /// <summary>Puts a recipient on the list; one that is there stays as it is.</summary>
    /// <param name="tenant">Whose messages; empty: everybody's.</param>
    public async Task<Outcome<Saved<SuppressionRow>>> Add(
        string tenant, string channel, string to, SuppressionCause cause, string reason, Author author, CancellationToken stop)
    {
        if (keys.FindOrMake() is not { } box) return KeyMissing();
        var now = Instant.From(clock.GetUtcNow());
        return await database.Transact<Outcome<Saved<SuppressionRow>>>(async (connection, transaction) =>
        {
            if (await LockKey(connection, transaction, box, now) is not { } found) return KeyMissing();
            var row = new SuppressionRow(HashOf(found, channel, to), tenant, channel, Recipient.Masked(channel, to), (long)cause, reason, now.UnixMs);
            var isNew = await connection.ExecuteAsync(
                """
                insert into suppressions (recipient, tenant_id, channel, masked, cause, reason, created_at)
                values (@Recipient, @Tenant, @Channel, @Masked, @Cause, @Reason, @CreatedAt) on conflict (recipient, tenant_id) do nothing
                """, row, transaction) == 1;
            if (isNew) await Audit.Add(connection, transaction, author, now, "suppression.created", row.Id.ToString(), tenant, null, SuppressionForm.Words(row));
            else row = await connection.QuerySingleAsync<SuppressionRow>(
                $"select {Columns} from suppressions where recipient = @Recipient and tenant_id = @Tenant", row, transaction);
            return new Saved<SuppressionRow>(row, isNew);
        }, stop);
    }

    /// <summary>False: it was not on the list.</summary>
    public Task<bool> Delete(SuppressionId id, Author author, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        var (args, now) = (new { recipient = id.Recipient, tenant = id.Tenant }, Instant.From(clock.GetUtcNow()));
        var before = await connection.QuerySingleOrDefaultAsync<SuppressionRow>(
            $"select {Columns} from suppressions where recipient = @recipient and tenant_id = @tenant", args, transaction);
        const string Delete = "delete from suppressions where recipient = @recipient and tenant_id = @tenant";
        if (before is null || await connection.ExecuteAsync(Delete, args, transaction) == 0) return false;
        await Audit.Add(connection, transaction, author, now, "suppression.deleted", id.ToString(), id.Tenant, SuppressionForm.Words(before), null);
        return true;
    }, stop);

    private Task<List<SuppressionRow>> Many(string condition, object args, CancellationToken stop) => database.Read(async connection =>
        (await connection.QueryAsync<SuppressionRow>($"select {Columns} from suppressions where {condition}", args)).AsList(), stop);

    /// <summary>Empty: nobody was ever put on the list. A key that cannot be read lets nothing through: it may be to somebody who wants none.</summary>
    private async Task<Outcome<byte[]>> Key(CancellationToken stop)
    {
        if (Volatile.Read(ref key) is { } known) return known;
        var kept = await secrets.Read([KeyName], stop);
        if (!kept.TryGetValue(KeyName, out var secret)) return Array.Empty<byte>();
        if (secret.Failure != SecretFailure.None) return KeyMissing();
        var read = Convert.FromBase64String(secret.Value);
        Volatile.Write(ref key, read);
        return read;
    }

    /// <summary>The key, made where there is none; null: there is one that cannot be read. Of several servers one makes it.</summary>
    private async Task<byte[]?> LockKey(DbConnection connection, DbTransaction transaction, SecretBox box, Instant now)
    {
        await connection.ExecuteAsync($"select number from versions where name = 'catalog'{database.Dialect.Lock}", transaction: transaction);
        if (await Secrets.Exists(connection, transaction, KeyName))
            return await Secrets.Find(connection, transaction, box, KeyName) is { } kept ? Convert.FromBase64String(kept) : null;
        var made = RandomNumberGenerator.GetBytes(KeyLength);
        await Secrets.Save(connection, transaction, box, KeyName, Convert.ToBase64String(made), now);
        return made;
    }

    private static string HashOf(byte[] key, string channel, string to) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{channel}\n{Recipient.Canonical(channel, to)}")).AsSpan(0, BytesKept));

    private static Problem KeyMissing() => Problems.Of(409, ProblemCodes.SecretKeyMissing, SecretKeys.MissingSentence);
}

/// <param name="Recipient">The hash.</param>
/// <param name="Tenant">Empty: of all tenants.</param>
internal sealed record SuppressionRow(string Recipient, string Tenant, string Channel, string Masked, long Cause, string Reason, long CreatedAt)
{
    public SuppressionId Id => new(Tenant, Recipient);
}

/// <summary>The public id of a suppression, <c>tenant~hash</c>; without a tenant it holds for all.</summary>
internal readonly record struct SuppressionId(string Tenant, string Recipient)
{
    public override string ToString() => $"{Tenant}~{Recipient}";

    public static bool TryParse(string text, out SuppressionId id)
    {
        id = default;
        if (text.Split('~') is not [var tenant, var recipient] || recipient.Length == 0 || !recipient.All(char.IsAsciiHexDigitLower)) return false;
        id = new SuppressionId(tenant, recipient);
        return true;
    }
}
