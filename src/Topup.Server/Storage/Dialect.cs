using System.Globalization;
using System.Text.RegularExpressions;

namespace Topup.Server.Storage;

/// <summary>All that differs in the SQL of the two databases.</summary>
internal sealed partial class Dialect
{
    public static readonly Dialect Sqlite = new() { Name = "sqlite" };

    public static readonly Dialect Postgres = new()
    {
        Name = "postgres",
        Lock = " for update",
        LockSkipLocked = " for update skip locked",
    };

    public required string Name { get; init; }

    /// <summary>Ends a cold query whose rows are to be locked until the transaction ends.</summary>
    public string Lock { get; private init; } = "";

    /// <summary>The same for a queue: rows somebody else has locked are passed over.</summary>
    public string LockSkipLocked { get; private init; } = "";

    /// <summary>
    /// Membership in a list given to Dapper: <c>where id {dialect.In("@ids")}</c>. Dapper spells a list out for SQLite
    /// and sends it as one array to PostgreSQL, which has no <c>in</c> for arrays.
    /// </summary>
    public string In(string parameter) => this == Postgres ? $"= any({parameter})" : $"in {parameter}";

    /// <summary>The SQL of a hot statement as this database prepares it.</summary>
    public string Expand(Statement statement) => this == Postgres ? ForAllRows(statement) : ForOneRow(statement);

    // Called in the select list, the functions give their rows in step, one at a time. In the from clause PostgreSQL first
    // writes what each of them returns to a store of its own, at four times the price, which was a quarter of an insert.
    private static string ForAllRows(Statement statement)
    {
        var columns = string.Join(", ", statement.Columns.Select((column, i) =>
            string.Create(CultureInfo.InvariantCulture, $"unnest(${i + 1}::{TypeOf(column.Kind)}[]) as {column.Name}")));
        var sql = Statement.RowSource().Replace(statement.Sql, _ => $"from (select {columns}) as r");
        // "offset 0" is where its planner stops: it can neither turn the join round nor read the table once for all rows, as it
        // likes to while the table is nearly empty, with a plan that stays when it no longer is.
        sql = Statement.EachJoin().Replace(sql, "cross join lateral (select * from ${table} ${alias} where ${condition} offset 0) as ${alias}");
        return Statement.RowLock().Replace(sql, " for update of ${table}");
    }

    // SQLite plans a join with a one-row subselect badly: it materializes the row and sorts the result, at three times
    // the price of the plain statement. So the row becomes parameters, its source goes where nothing hangs on it, and
    // the order of locking goes with the lock. "cross join" keeps SQLite from reordering what is left.
    private static string ForOneRow(Statement statement)
    {
        var sql = LockOrder().Replace(statement.Sql, "");
        sql = Statement.EachJoin().Replace(sql, "join ${table} ${alias} on ${condition}");
        sql = JoinedSource().Replace(sql, "from (select 1) as r cross join");
        sql = OuterJoinedSource().Replace(sql, "from (select 1) as r left join");
        sql = ListedSource().Replace(sql, "from ");
        sql = Statement.RowSource().Replace(sql, "");
        return Statement.RowColumn().Replace(sql, column =>
            string.Create(CultureInfo.InvariantCulture, $"?{statement.IndexOf(column.Groups["name"].Value) + 1}"));
    }

    private static string TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Long => "bigint",
        ColumnKind.Text => "text",
        ColumnKind.Bytes => "bytea",
    };

    [GeneratedRegex(@"(\s+order\s+by\s+[^()]*?)?\s*\{lock:\w+\}")]
    private static partial Regex LockOrder();

    [GeneratedRegex(@"\bfrom\s+\{rows\}\s+(inner\s+|cross\s+)?join\b")]
    private static partial Regex JoinedSource();

    [GeneratedRegex(@"\bfrom\s+\{rows\}\s+left\s+join\b")]
    private static partial Regex OuterJoinedSource();

    [GeneratedRegex(@"\bfrom\s+\{rows\}\s*,\s*")]
    private static partial Regex ListedSource();
}
