using System.Text.Unicode;
using CsvHelper;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Imports;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Imports;

/// <summary>One row of a file.</summary>
/// <param name="Line">Where it begins; the first line is 1.</param>
/// <param name="Cells">One for each of the kind's columns, in their order, as they were meant.</param>
internal sealed record ImportRow(int Line, string[] Cells);

/// <summary>
/// A whole file, read and checked before anything of it is done. What can be said of a row without looking at tenants is said
/// here; whether a tenant or plan is there is found out when its row is done.
/// </summary>
internal sealed class ImportFile
{
    private const byte LineEnd = (byte)'\n';

    private readonly List<ImportError> errors = [];
    private readonly Dictionary<string, decimal> totals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> lineOfTenant = new(StringComparer.Ordinal);
    private readonly ImportKind kind;
    private readonly CatalogSnapshot catalog;

    private ImportFile(ImportKind kind, CatalogSnapshot catalog) => (this.kind, this.catalog) = (kind, catalog);

    public List<ImportRow> Rows { get; } = [];

    /// <summary>The first of them.</summary>
    public IReadOnlyList<ImportError> Errors => errors;

    /// <summary>How many there are in all.</summary>
    public int ErrorsFound { get; private set; }

    /// <summary>What the grants come to, by credit type.</summary>
    public Dictionary<string, decimal> Totals => totals.OrderBy(total => total.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    /// <summary>So much is given in all that whoever starts it on a page gives the password again.</summary>
    public bool IsLarge => totals.Any(total => IsLargeOf(catalog.Types[total.Key], total.Value));

    public static ImportFile Read(ImportKind kind, ReadOnlyMemory<byte> csv, CatalogSnapshot catalog)
    {
        var file = new ImportFile(kind, catalog);
        if (LineThatIsNotUtf8(csv.Span) is { } line) file.Add(line, null, "The file must be text in UTF-8. A spreadsheet can save it so: CSV UTF-8.");
        else file.Read(csv);
        return file;
    }

    private void Read(ReadOnlyMemory<byte> csv)
    {
        using var reader = CsvReader.Create(csv, new CsvReaderOptions
        {
            Separator = SeparatorOf(csv.Span), MalformedData = CsvMalformedDataHandling.Throw, HasHeader = false, TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
        });
        try
        {
            if (!reader.Read())
            {
                Add(1, null, "The file is empty; its first line must name the columns.");
                return;
            }
            var titles = Cells(reader);
            if (ReadHeader(titles, (int)reader.LineNumber) is not { } header) return;
            while (reader.Read())
            {
                if (Rows.Count == ImportLimits.RowsMax)
                {
                    Add((int)reader.LineNumber, null, $"A file must have at most {ImportLimits.RowsMax} rows below its header.");
                    return;
                }
                Read(reader, header, titles.Length);
            }
            if (Rows.Count == 0 && ErrorsFound == 0) Add(2, null, "The file has no row below its header.");
        }
        catch (CsvFormatException broken)
        {
            // What follows a quote that is not closed is nothing that could be read.
            Add((int)Math.Max(broken.LineNumber, 1), null, "A quote is not as RFC 4180 wants it: a cell with quotes, commas or line ends stands in quotes, and quotes in it twice.");
        }
    }

    private ImportHeader? ReadHeader(string[] titles, int line)
    {
        var header = ImportColumns.Read(kind, titles);
        var all = string.Join(", ", ImportColumns.Of(kind).Select(column => column.Name));
        switch (header.Problem)
        {
            case ImportHeaderProblem.None:
                return header;
            case ImportHeaderProblem.Unknown:
                Add(line, Shown(header.Column), $"There is no column of this name. The columns are {all}.");
                return null;
            case ImportHeaderProblem.Twice:
                Add(line, header.Column, "The column is there twice.");
                return null;
            case ImportHeaderProblem.Missing:
            default:
                Add(line, header.Column, $"The column is missing. The columns are {all}.");
                return null;
        }
    }

    private void Read(CsvReader reader, ImportHeader header, int width)
    {
        var line = (int)reader.LineNumber;
        if (reader.FieldCount != width)
        {
            Add(line, null, $"The row has {reader.FieldCount} cells, and the header has {width}.");
            return;
        }
        var cells = new string[header.Places.Count];
        for (var column = 0; column < cells.Length; column++) cells[column] = header.Places[column] < 0 ? "" : ImportColumns.Meant(reader.GetString(header.Places[column]));
        if ((kind == ImportKind.Tenants ? CheckTenant(cells, line) : CheckGrant(cells)) is { } problem) Add(line, problem.Field, problem.Detail);
        else Rows.Add(new ImportRow(line, cells));
    }

    private Problem? CheckTenant(string[] cells, int line)
    {
        var read = ImportRequests.Tenant(cells);
        if (read.Problem is { } unread) return unread;
        if (TenantForm.Check(read.Value.Id, read.Value.Request) is { } invalid) return invalid;
        return lineOfTenant.TryAdd(read.Value.Id, line) ? null : Problems.Invalid("id", $"The tenant stands in line {lineOfTenant[read.Value.Id]} already.");
    }

    private Problem? CheckGrant(string[] cells)
    {
        var read = ImportRequests.Grant(cells);
        if (read.Problem is { } unread) return unread;
        var asked = read.Value;
        if (GrantCredits.Check(asked) is { } invalid) return invalid;
        if (!catalog.Types.TryGetValue(asked.Type, out var type)) return asked.Amount > 0 ? null : Problems.Invalid("amount", "amount must be more than 0.", 0);
        var units = LedgerDesk.Units(asked.Amount, type);
        if (units.Problem is { } wrong) return wrong;
        totals[type.Code] = totals.GetValueOrDefault(type.Code) + asked.Amount;
        return null;
    }

    /// <summary>A sum of many grants may be more than any one of them could be.</summary>
    private bool IsLargeOf(CreditType type, decimal total) =>
        Amount.TryToUnits(total, type.Decimals, out var units) == AmountProblem.TooLarge || LargeGrant.Is(units, type, catalog.Packs.Values);

    private void Add(int line, string? column, string detail)
    {
        ErrorsFound++;
        if (errors.Count < ImportLimits.ErrorsMax) errors.Add(new ImportError { Line = line, Column = column, Detail = detail });
    }

    private static string[] Cells(CsvReader reader)
    {
        var cells = new string[reader.FieldCount];
        for (var index = 0; index < cells.Length; index++) cells[index] = reader.GetString(index);
        return cells;
    }

    /// <summary>A comma; a semicolon where the header has no comma, as spreadsheets write it where the comma is the decimal mark.</summary>
    private static char SeparatorOf(ReadOnlySpan<byte> csv)
    {
        var end = csv.IndexOf(LineEnd);
        var header = end < 0 ? csv : csv[..end];
        return header.Contains((byte)',') || !header.Contains((byte)';') ? ',' : ';';
    }

    private static int? LineThatIsNotUtf8(ReadOnlySpan<byte> csv)
    {
        if (Utf8.IsValid(csv)) return null;
        for (var line = 1; ; line++)
        {
            var end = csv.IndexOf(LineEnd);
            if (end < 0 || !Utf8.IsValid(csv[..end])) return line;
            csv = csv[(end + 1)..];
        }
    }

    private static string Shown(string title) => title.Length <= 64 ? title : string.Concat(title.AsSpan(0, 64), "...");
}
