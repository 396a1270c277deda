using System.Data.Common;
using System.Reflection;
using System.Text.RegularExpressions;
using Dapper;
using Shouldly;
using Topup.Server.Storage;
using Topup.Server.Tests.Storage;
using Xunit;

namespace Topup.Server.Tests.House;

/// <summary>
/// The migrations are the one thing that is written twice, so what comes of them is compared. And what a cluster would
/// need one day is kept from the first: every tenant's rows are found by bucket and tenant, and nothing ties tables together.
/// </summary>
public sealed partial class SchemaTests
{
    /// <summary>Tables of the operator, or of the server itself; all others belong to tenants.</summary>
    private static readonly HashSet<string> NotOfTenants =
        ["addons", "api_keys", "audit", "counters", "credit_types", "import_failures", "import_parts", "imports", "inbox", "message_drivers", "message_templates",
            "operator_forms", "operator_links",
            "operator_recovery_codes", "operator_sessions", "operators", "packs", "plans", "portal_sessions", "rate_cards", "reconciliations", "refusal_totals",
            "schema_version", "secrets", "settings", "sign_in_failures", "statement_progress", "suppressions", "usage_totals", "verifications", "versions",
            "webhook_deliveries", "webhook_endpoints", "workflow_run_actions", "workflow_runs", "workflow_versions", "workflows"];

    /// <summary>On SQLite, which is never spread over machines, an entry's number is the number of its row.</summary>
    private static readonly KeyValuePair<string, string[]> EntriesOnSqlite = new("entries", ["id"]);

    /// <summary>Statements that touch none of a tenant's rows, or run on SQLite alone.</summary>
    private static readonly HashSet<string> StatementsNotOfTenants = ["Audit.Insert", "LedgerStore.CatalogVersion", "LedgerStore.LastNumber", "LedgerStore.ReopenTotals"];

    /// <summary>Everything else would be rounded, depend on a time zone, or differ between the two databases.</summary>
    private static readonly HashSet<string> Kinds = ["bigint", "text", "bytes"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_databases_have_the_same_tables_columns_and_keys()
    {
        var (sqlite, postgres) = (await Sqlite(), await Postgres());

        sqlite.Columns.Count.ShouldBeGreaterThan(100);
        postgres.Columns.Order().ShouldBe(sqlite.Columns.Order());
        sqlite.PrimaryKeys[EntriesOnSqlite.Key].ShouldBe(EntriesOnSqlite.Value);
        postgres.PrimaryKeys[EntriesOnSqlite.Key].ShouldBe(["bucket", "tenant_id", "id", "type"]);
        sqlite.PrimaryKeys[EntriesOnSqlite.Key] = postgres.PrimaryKeys[EntriesOnSqlite.Key];
        Spell(postgres.PrimaryKeys).ShouldBe(Spell(sqlite.PrimaryKeys));
        UniqueOf(postgres).ShouldBe(UniqueOf(sqlite));
    }

    [Fact]
    public async Task Columns_are_whole_numbers_texts_and_bytes_and_never_null()
    {
        foreach (var schema in await Both())
            schema.Columns.Where(column => !Kinds.Contains(column.Kind) || column.MayBeNull).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_primary_key_of_every_tenants_table_begins_with_bucket_and_tenant()
    {
        foreach (var schema in await Both())
        {
            schema.PrimaryKeys.Where(key => !NotOfTenants.Contains(key.Key) && key.Value is not ["bucket", "tenant_id", ..])
                .Where(key => key.Key != EntriesOnSqlite.Key || !key.Value.SequenceEqual(EntriesOnSqlite.Value)).Select(key => key.Key).ShouldBeEmpty();
            NotOfTenants.Except(schema.PrimaryKeys.Keys).ShouldBeEmpty("the list names tables that there are");
        }
    }

    [Fact]
    public async Task Every_unique_index_of_a_tenants_table_has_bucket_and_tenant()
    {
        foreach (var schema in await Both())
        {
            schema.UniqueIndexes.Where(index => !NotOfTenants.Contains(index.Table)
                && !(index.Columns.Contains("bucket") && index.Columns.Contains("tenant_id"))).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task No_table_has_a_foreign_key_or_a_trigger()
    {
        foreach (var schema in await Both()) schema.Ties.ShouldBeEmpty();
    }

    [Fact]
    public void Every_hot_statement_finds_its_rows_by_bucket_and_tenant()
    {
        Statements().Count.ShouldBeGreaterThan(10);
        foreach (var (name, statement) in Statements().Where(pair => !StatementsNotOfTenants.Contains(pair.Name)))
        {
            foreach (var column in new[] { "bucket", "tenant_id" })
            {
                statement.Columns.ShouldContain(given => given.Name == column, name);
                foreach (Match join in Join().Matches(statement.Sql))
                    statement.Sql.Replace(" + 0", "", StringComparison.Ordinal)
                        .ShouldContain($"{join.Groups["alias"].Value}.{column} = r.{column}", Case.Sensitive, name);
                if (Insert().Match(statement.Sql) is { Success: true } insert)
                    insert.Groups["columns"].Value.Split(',', StringSplitOptions.TrimEntries).ShouldContain(column, name);
                if (Conflict().Match(statement.Sql) is { Success: true } conflict)
                    conflict.Groups["columns"].Value.Split(',', StringSplitOptions.TrimEntries).ShouldContain(column, name);
            }
        }
        StatementsNotOfTenants.Except(Statements().Select(pair => pair.Name)).ShouldBeEmpty();
    }

    [Fact]
    public void No_hot_statement_asks_the_database_for_time_chance_or_numbers()
    {
        foreach (var (name, statement) in Statements()) Impure().IsMatch(statement.Sql).ShouldBeFalse(name);
    }

    private static async Task<Schema[]> Both() => [await Sqlite(), await Postgres()];

    private static async Task<Schema> Sqlite()
    {
        await using var storage = await TestStorage.Sqlite();
        var database = await storage.Open();
        return await database.Read(async connection =>
        {
            var tables = (await connection.QueryAsync<string>("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")).ToList();
            var schema = new Schema();
            foreach (var table in tables)
            {
                var columns = (await connection.QueryAsync<SqliteColumn>(
                    """select name as Name, lower(type) as Kind, "notnull" as "NotNull", pk as Place from pragma_table_info(@table)""", new { table })).ToList();
                schema.Columns.AddRange(columns.Select(column => new TableColumn(table, column.Name, KindOf(column.Kind), column.NotNull == 0)));
                schema.PrimaryKeys[table] = [.. columns.Where(column => column.Place > 0).OrderBy(column => column.Place).Select(column => column.Name)];
                foreach (var index in await Strings(connection, """select name from pragma_index_list(@table) where "unique" = 1 and origin <> 'pk'""", table))
                    schema.UniqueIndexes.Add(new UniqueIndex(table, [.. await Strings(connection, "select name from pragma_index_info(@table)", index)]));
                schema.Ties.AddRange(await Strings(connection, """select 'foreign key to ' || "table" from pragma_foreign_key_list(@table)""", table));
            }
            schema.Ties.AddRange(await connection.QueryAsync<string>("select name from sqlite_master where type = 'trigger'"));
            return schema;
        }, Stop);
    }

    private static async Task<Schema> Postgres()
    {
        await using var storage = await TestStorage.Postgres();
        var database = await storage.Open();
        return await database.Read(async connection =>
        {
            var schema = new Schema();
            schema.Columns.AddRange((await connection.QueryAsync<PostgresColumn>(
                """
                select table_name::text as "Table", column_name::text as Name, data_type::text as Kind, is_nullable::text as MayBeNull
                from information_schema.columns where table_schema = current_schema()
                  and table_name in (select table_name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE')
                """)).Select(column => new TableColumn(column.Table, column.Name, KindOf(column.Kind), column.MayBeNull == "YES")));
            var indexes = await connection.QueryAsync<PostgresIndex>(
                """
                select c.relname::text as "Table", i.indisprimary as IsPrimary,
                    (select string_agg(a.attname, ',' order by k.place) from unnest(i.indkey) with ordinality as k(number, place)
                     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number) as Columns
                from pg_index i join pg_class c on c.oid = i.indrelid
                where i.indisunique and c.relnamespace = current_schema()::regnamespace
                """);
            foreach (var index in indexes)
            {
                var columns = index.Columns.Split(',');
                if (index.IsPrimary) schema.PrimaryKeys[index.Table] = columns;
                else schema.UniqueIndexes.Add(new UniqueIndex(index.Table, columns));
            }
            schema.Ties.AddRange(await connection.QueryAsync<string>(
                """
                select conname::text from pg_constraint where contype = 'f'
                union all select tgname::text from pg_trigger where not tgisinternal
                """));
            return schema;
        }, Stop);
    }

    private static Task<IEnumerable<string>> Strings(DbConnection connection, string sql, string table) =>
        connection.QueryAsync<string>(sql, new { table });

    private static string KindOf(string type) => type switch { "bytea" or "blob" => "bytes", "integer" => "bigint", _ => type };

    private static List<string> Spell(Dictionary<string, string[]> keys) =>
        [.. keys.Select(key => $"{key.Key} ({string.Join(", ", key.Value)})").Order(StringComparer.Ordinal)];

    private static List<string> UniqueOf(Schema schema) =>
        [.. schema.UniqueIndexes.Select(index => index.ToString()).Order(StringComparer.Ordinal)];

    private static List<(string Name, Statement Statement)> Statements() =>
        [.. from type in typeof(Statement).Assembly.GetTypes()
            where !type.ContainsGenericParameters
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            where field.FieldType == typeof(Statement)
            select ($"{type.Name}.{field.Name}", (Statement)field.GetValue(null)!)];

    [GeneratedRegex(@"\bjoin\s+(?<table>\w+)\s+(?<alias>\w+)")]
    private static partial Regex Join();

    [GeneratedRegex(@"\binsert\s+into\s+\w+\s*\((?<columns>[^)]*)\)")]
    private static partial Regex Insert();

    [GeneratedRegex(@"\bon\s+conflict\s*\((?<columns>[^)]*)\)")]
    private static partial Regex Conflict();

    [GeneratedRegex(@"\b(now|random|nextval|gen_random_uuid|clock_timestamp|strftime|datetime|unixepoch)\s*\(|\bcurrent_(time|date|timestamp)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Impure();

    private sealed class Schema
    {
        public List<TableColumn> Columns { get; } = [];
        public Dictionary<string, string[]> PrimaryKeys { get; } = [];
        public List<UniqueIndex> UniqueIndexes { get; } = [];

        /// <summary>Foreign keys and triggers.</summary>
        public List<string> Ties { get; } = [];
    }

    private sealed record TableColumn(string Table, string Name, string Kind, bool MayBeNull) : IComparable<TableColumn>
    {
        public int CompareTo(TableColumn? other) => string.CompareOrdinal(ToString(), other?.ToString());
    }

    private sealed record UniqueIndex(string Table, string[] Columns)
    {
        public override string ToString() => $"{Table} ({string.Join(", ", Columns)})";
    }

    private sealed record SqliteColumn(string Name, string Kind, long NotNull, long Place);

    private sealed record PostgresColumn(string Table, string Name, string Kind, string MayBeNull);

    private sealed record PostgresIndex(string Table, bool IsPrimary, string Columns);
}
