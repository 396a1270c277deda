namespace Topup.Domain.Imports;

/// <param name="IsRequired">The file must have it; a cell of it may still be empty where the field may be.</param>
public sealed record ImportColumn(string Name, bool IsRequired);

/// <summary>What is wrong with the header of a file, in check order.</summary>
public enum ImportHeaderProblem
{
    None,
    Unknown,
    Twice,
    Missing,
}

/// <summary>Where the columns of a kind stand in a file.</summary>
/// <param name="Places">For each column of the kind its place in the file's rows; -1: the file does not have it.</param>
/// <param name="Column">The column that the problem is about; empty: there is no problem.</param>
public sealed record ImportHeader(IReadOnlyList<int> Places, ImportHeaderProblem Problem, string Column);

/// <summary>The columns of each kind: the fields of the request that a row stands for, by their names on the wire.</summary>
public static class ImportColumns
{
    /// <summary>What a file of failures has besides, so that it can be corrected and imported again.</summary>
    public static readonly IReadOnlyList<string> OfFailures = ["import_line", "import_code", "import_problem"];

    // The plan is required as it is on the wire: a file without it would take every plan away.
    private static readonly ImportColumn[] Tenants =
    [
        new("id", true), new("name", true), new("plan", true), new("status", false), new("renewal_day", false), new("email", false), new("phone", false),
        new("locale", false),
    ];

    private static readonly ImportColumn[] Grants =
    [
        new("tenant", true), new("type", true), new("amount", true), new("source", false), new("reason", false), new("reference", false), new("priority", false),
        new("effective_at", false), new("expires_at", false),
    ];

    /// <summary>What an export of tenants says besides, and nobody can set.</summary>
    private static readonly string[] OnlyToRead = ["period_starts_at", "period_ends_at", "created_at", "updated_at"];

    // A spreadsheet would run a text that begins so; whoever writes files for one puts a quote before it.
    private const string FormulaBeginnings = "=@+-\t\r";

    public static IReadOnlyList<ImportColumn> Of(ImportKind kind) => kind switch
    {
        ImportKind.Tenants => Tenants,
        ImportKind.Grants => Grants,
    };

    /// <summary>Finds the columns of a kind by name, in whatever order and case they stand.</summary>
    public static ImportHeader Read(ImportKind kind, IReadOnlyList<string> header)
    {
        var columns = Of(kind);
        var places = new int[columns.Count];
        Array.Fill(places, -1);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var place = 0; place < header.Count; place++)
        {
            var name = NameOf(kind, header[place]);
            var known = IndexOf(columns, name);
            if (known < 0 && !OfFailures.Contains(name) && !(kind == ImportKind.Tenants && OnlyToRead.Contains(name)))
                return new ImportHeader(places, ImportHeaderProblem.Unknown, header[place].Trim());
            if (!seen.Add(name)) return new ImportHeader(places, ImportHeaderProblem.Twice, name);
            if (known >= 0) places[known] = place;
        }
        var missing = columns.Where((column, index) => column.IsRequired && places[index] < 0).Select(column => column.Name).FirstOrDefault();
        return missing is null
            ? new ImportHeader(places, ImportHeaderProblem.None, "")
            : new ImportHeader(places, ImportHeaderProblem.Missing, missing);
    }

    /// <summary>A cell as it was meant: without blanks around it, and without the quote that keeps a spreadsheet from running it.</summary>
    public static string Meant(string cell)
    {
        var text = cell.Trim();
        return text is ['\'', var first, ..] && FormulaBeginnings.Contains(first) ? text[1..] : text;
    }

    private static string NameOf(ImportKind kind, string title)
    {
        var name = title.Trim().ToLowerInvariant();
        return kind == ImportKind.Grants && name == "credit_type" ? "type" : name;
    }

    private static int IndexOf(IReadOnlyList<ImportColumn> columns, string name)
    {
        for (var index = 0; index < columns.Count; index++)
            if (columns[index].Name == name) return index;
        return -1;
    }
}
