using System.Reflection;
using Dapper;
using Shouldly;
using Topup.Server.Storage;
using Xunit;

namespace Topup.Server.Tests.Storage;

/// <summary>Every hot statement of the program, wherever it stands: a mistake in one is found before it first runs.</summary>
public sealed class HotStatementTests
{
    private static readonly List<(string Name, Statement Statement)> All =
        [.. from type in typeof(Statement).Assembly.GetTypes()
            where !type.ContainsGenericParameters
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            where field.FieldType == typeof(Statement)
            select ($"{type.Name}.{field.Name}", (Statement)field.GetValue(null)!)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_sqlite_each_finds_its_rows_by_an_index()
    {
        await using var storage = await TestStorage.Sqlite();
        var database = await storage.Open();

        foreach (var (name, statement) in All)
        {
            var plan = await database.Read(async connection =>
            {
                // The writer binds parameters by number; for a plan any value does.
                await using var command = connection.CreateCommand();
                command.CommandText = "explain query plan " + Dialect.Sqlite.Expand(statement);
                for (var i = 1; i <= statement.Columns.Count; i++)
                {
                    var parameter = command.CreateParameter();
                    (parameter.ParameterName, parameter.Value) = ($"?{i}", "1");
                    command.Parameters.Add(parameter);
                }
                await using var reader = await command.ExecuteReaderAsync(Stop);
                var lines = new List<string>();
                while (await reader.ReadAsync(Stop)) lines.Add(reader.GetString(3));
                return lines;
            }, Stop);
            plan.Where(line => line.StartsWith("MATERIALIZE", StringComparison.Ordinal)
                || (line.StartsWith("SCAN", StringComparison.Ordinal) && line is not ("SCAN r" or "SCAN CONSTANT ROW")))
                .ShouldBeEmpty($"{name}: {string.Join("; ", plan)}");
        }
    }

    [Fact]
    public async Task On_postgres_each_finds_its_rows_by_an_index()
    {
        await using var storage = await TestStorage.Postgres();
        var database = await storage.Open();

        var scans = new List<string>();
        foreach (var (name, statement) in All)
        {
            var plan = await database.Read(async connection =>
            {
                await connection.ExecuteAsync($"{PostgresLaneConnection.Settings}; prepare hot as {Dialect.Postgres.Expand(statement)}");
                var nothing = string.Join(", ", statement.Columns.Select(_ => "'{}'"));
                var lines = await connection.QueryAsync<string>($"explain execute hot({nothing})");
                await connection.ExecuteAsync("deallocate hot; reset all");
                return lines.ToList();
            }, Stop);
            // A scan without a condition on what the rows say reads all that the index has.
            if (plan.Exists(line => line.Contains("Seq Scan", StringComparison.Ordinal) || line.Contains("Join Filter", StringComparison.Ordinal)))
                scans.Add($"{name}: {string.Join(Environment.NewLine, plan)}");
        }
        scans.ShouldBeEmpty();
    }
}
