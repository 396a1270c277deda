using System.Data.Common;
using System.Text.Json;
using Dapper;
using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Messaging.Drivers;

/// <summary>
/// The drivers that the operator has saved. They are few and small, and are read each time they are asked for: what was
/// saved on one server holds on all.
/// </summary>
internal sealed class MessageDrivers(Database database, Secrets secrets, IEnumerable<IMessageDriver> kinds)
{
    private const string Columns = "slug as Slug, settings as Settings";

    public IMessageDriver? KindOf(string kind) => kinds.FirstOrDefault(driver => driver.Kind == kind);

    public string KindWords => string.Join(", ", kinds.Select(driver => driver.Kind).Order(StringComparer.Ordinal));

    /// <summary>The driver that sends over a channel: of those that are enabled and have all they need, that with the highest priority.</summary>
    public async Task<MessageDriver?> Of(string channel, CancellationToken stop) => Sending(await All(stop), channel);

    public static MessageDriver? Sending(IEnumerable<MessageDriver> drivers, string channel) => drivers
        .Where(driver => driver.Settings.Channel == channel && driver is { IsEnabled: true, Missing: null })
        .OrderByDescending(driver => driver.Priority).ThenBy(driver => driver.Slug, StringComparer.Ordinal).FirstOrDefault();

    public async Task<List<MessageDriver>> All(CancellationToken stop)
    {
        var rows = (await database.Read(connection => connection.QueryAsync<Row>($"select {Columns} from message_drivers order by slug"), stop)).ToList();
        if (rows.Count == 0) return [];
        var kept = await secrets.Read([.. rows.SelectMany(row => new[] { SecretOf(row.Slug), CallbackSecretOf(row.Slug) })], stop);
        return [.. rows.Select(row =>
        {
            var settings = Read(row.Settings);
            var found = kept.TryGetValue(SecretOf(row.Slug), out var secret);
            return new MessageDriver(row.Slug, settings, secret.Value ?? "", Missing(settings, found, secret.Failure))
            {
                CallbackSecret = kept.GetValueOrDefault(CallbackSecretOf(row.Slug)).Value ?? "",
            };
        })];
    }

    /// <summary>As it stands in a transaction; null: there is none. Nobody else can change any until the transaction ends.</summary>
    public async Task<MessageDriverRequest?> Lock(DbConnection connection, DbTransaction transaction, string slug)
    {
        await connection.ExecuteAsync($"select number from versions where name = 'catalog'{database.Dialect.Lock}", transaction: transaction);
        var json = await connection.ExecuteScalarAsync<string>("select settings from message_drivers where slug = @slug", new { slug }, transaction);
        return json is null ? null : Read(json);
    }

    public static Task<long> Count(DbConnection connection, DbTransaction transaction) =>
        connection.ExecuteScalarAsync<long>("select count(*) from message_drivers", transaction: transaction);

    public static Task Save(DbConnection connection, DbTransaction transaction, string slug, MessageDriverRequest settings, Instant now) => connection.ExecuteAsync(
        """
        insert into message_drivers (slug, kind, channel, priority, enabled, settings, updated_at)
        values (@slug, @kind, @channel, @priority, @enabled, @settings, @now)
        on conflict (slug) do update set kind = excluded.kind, channel = excluded.channel, priority = excluded.priority, enabled = excluded.enabled,
            settings = excluded.settings, updated_at = excluded.updated_at
        """,
        new
        {
            slug, kind = settings.Kind, channel = settings.Channel, priority = (long)(settings.Priority ?? 0), enabled = settings.Enabled == false ? 0L : 1L,
            settings = Words(settings), now = now.UnixMs,
        }, transaction);

    public static async Task Delete(DbConnection connection, DbTransaction transaction, string slug)
    {
        await connection.ExecuteAsync("delete from message_drivers where slug = @slug", new { slug }, transaction);
        await Secrets.Forget(connection, transaction, SecretOf(slug));
        await Secrets.Forget(connection, transaction, CallbackSecretOf(slug));
    }

    public static string SecretOf(string slug) => "message_driver." + slug;

    public static string CallbackSecretOf(string slug) => "message_driver_callbacks." + slug;

    /// <summary>Settings as they are kept and audited: without secrets.</summary>
    public static string Words(MessageDriverRequest settings) =>
        JsonSerializer.Serialize(settings with { Secret = null, CallbackSecret = null }, Json.Wire.MessageDriverRequest);

    private string? Missing(MessageDriverRequest settings, bool hasSecret, SecretFailure failure)
    {
        if (KindOf(settings.Kind) is not { } kind) return "This server has no drivers of this kind.";
        if (!hasSecret) return kind.NeedsSecret(settings) ? "Its secret is missing. Save it again with one." : null;
        return failure switch
        {
            SecretFailure.None => null,
            SecretFailure.KeyMissing => "Its saved secret cannot be read: it was encrypted with a key that this server does not have. " +
                "Set Topup__SecretKey as it was, or save it again.",
            SecretFailure.Damaged => "Its saved secret cannot be read: it is damaged. Save it again.",
        };
    }

    private static MessageDriverRequest Read(string json) => JsonSerializer.Deserialize(json, TopupJson.Default.MessageDriverRequest)!;

    private sealed record Row(string Slug, string Settings);
}
