using System.Text.RegularExpressions;

namespace Topup.Server.Storage;

internal enum ColumnKind
{
    Long,
    Text,
    Bytes,
}

internal readonly record struct Column(string Name, ColumnKind Kind)
{
    public static Column Long(string name) => new(name, ColumnKind.Long);

    public static Column Text(string name) => new(name, ColumnKind.Text);

    public static Column Bytes(string name) => new(name, ColumnKind.Bytes);
}

/// <summary>
/// One hot statement, written once for both databases as if it joined a table of its input rows. In it,
/// <c>from {rows}</c> (once) is that table, named <c>r</c>, whose columns are written <c>r.name</c>; and
/// <c>order by ... {lock:t}</c> at the end locks the rows of <c>t</c> in that order; <c>join {each:table t} on ...</c>, also
/// at the end, looks into the table once for each input row, however small a planner takes it to be. PostgreSQL gets all rows
/// at once through <c>unnest</c>; SQLite, where a call costs nothing, gets them one by one as parameters, and needs no lock.
/// Hence no statement may depend on the order of its results across input rows.
/// </summary>
internal sealed partial class Statement
{
    public Statement(string sql, params Column[] columns)
    {
        Sql = sql;
        Columns = columns;
        if (RowSource().Count(sql) != 1)
            throw new ArgumentException($"A statement has exactly one 'from {{rows}}': {sql}", nameof(sql));
        foreach (Match column in RowColumn().Matches(sql)) IndexOf(column.Groups["name"].Value);
    }

    public string Sql { get; }

    public IReadOnlyList<Column> Columns { get; }

    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
            if (Columns[i].Name == column) return i;
        throw new ArgumentException($"The rows have no column '{column}': {Sql}", nameof(column));
    }

    [GeneratedRegex(@"\bfrom\s+\{rows\}")]
    public static partial Regex RowSource();

    [GeneratedRegex(@"(?<![\w.])r\.(?<name>\w+)")]
    public static partial Regex RowColumn();

    [GeneratedRegex(@"\s*\{lock:(?<table>\w+)\}")]
    public static partial Regex RowLock();

    [GeneratedRegex(@"\bjoin\s+\{each:(?<table>\w+)\s+(?<alias>\w+)\}\s+on\s+(?<condition>.+)$", RegexOptions.Singleline)]
    public static partial Regex EachJoin();

    public override string ToString() => Sql;
}
