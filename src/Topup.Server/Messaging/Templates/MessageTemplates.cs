using System.Data.Common;
using System.Text.Json;
using Dapper;
using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Messaging.Templates;

/// <summary>The templates that the operator has saved.</summary>
internal sealed class MessageTemplates(Database database)
{
    private const string Columns = "code as Code, template as Template, updated_at as UpdatedAt";

    public async Task<SavedTemplate?> Find(string code, CancellationToken stop) => Read(await database.Read(connection =>
        connection.QuerySingleOrDefaultAsync<Row>($"select {Columns} from message_templates where code = @code", new { code }), stop));

    /// <summary>By code.</summary>
    public async Task<List<SavedTemplate>> List(string after, int limit, CancellationToken stop) => [.. (await database.Read(connection =>
        connection.QueryAsync<Row>(
            $"select {Columns} from message_templates where code > @after order by code limit @limit", new { after, limit = (long)limit }), stop))
        .Select(row => Read(row)!)];

    /// <summary>As it stands in a transaction; null: there is none.</summary>
    public async Task<SavedTemplate?> Lock(DbConnection connection, DbTransaction transaction, string code)
    {
        await connection.ExecuteAsync($"select number from versions where name = 'catalog'{database.Dialect.Lock}", transaction: transaction);
        return Read(await connection.QuerySingleOrDefaultAsync<Row>($"select {Columns} from message_templates where code = @code", new { code }, transaction));
    }

    public static Task Save(DbConnection connection, DbTransaction transaction, SavedTemplate saved) => connection.ExecuteAsync(
        """
        insert into message_templates (code, channel, template, updated_at) values (@code, @channel, @template, @now)
        on conflict (code) do update set channel = excluded.channel, template = excluded.template, updated_at = excluded.updated_at
        """, new { code = saved.Code, channel = saved.Template.Channel, template = Words(saved.Template), now = saved.UpdatedAt.UnixMs }, transaction);

    public static Task Delete(DbConnection connection, DbTransaction transaction, string code) =>
        connection.ExecuteAsync("delete from message_templates where code = @code", new { code }, transaction);

    public static string Words(MessageTemplateRequest template) => JsonSerializer.Serialize(template, Json.Wire.MessageTemplateRequest);

    private static SavedTemplate? Read(Row? row) => row is null
        ? null
        : new SavedTemplate(row.Code, JsonSerializer.Deserialize(row.Template, TopupJson.Default.MessageTemplateRequest)!, new Instant(row.UpdatedAt));

    private sealed record Row(string Code, string Template, long UpdatedAt);
}

internal sealed record SavedTemplate(string Code, MessageTemplateRequest Template, Instant UpdatedAt);
