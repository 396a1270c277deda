using System.Globalization;
using Topup.Contracts;
using Topup.Domain.Imports;
using Topup.Server.Http;

namespace Topup.Server.Imports;

/// <summary>The request of the API that a row stands for. An empty cell is a field that is left out.</summary>
internal static class ImportRequests
{
    private const string SourceDefault = "import";

    public static Outcome<(string Id, TenantRequest Request)> Tenant(string[] cells)
    {
        var cell = new Cells(ImportKind.Tenants, cells);
        var day = Whole("renewal_day", cell["renewal_day"]);
        if ((Needed("id", cell["id"]) ?? Needed("name", cell["name"]) ?? day.Problem) is { } problem) return problem;
        return (cell["id"], new TenantRequest
        {
            Name = cell["name"], Plan = NullIfEmpty(cell["plan"]), Status = NullIfEmpty(cell["status"]), RenewalDay = day.Value, Email = NullIfEmpty(cell["email"]),
            Phone = NullIfEmpty(cell["phone"]), Locale = NullIfEmpty(cell["locale"]),
        });
    }

    public static Outcome<GrantRequest> Grant(string[] cells)
    {
        var cell = new Cells(ImportKind.Grants, cells);
        var (priority, from, until) = (Whole("priority", cell["priority"]), Time("effective_at", cell["effective_at"]), Time("expires_at", cell["expires_at"]));
        var amount = Number("amount", cell["amount"]);
        if ((Needed("tenant", cell["tenant"]) ?? Needed("type", cell["type"]) ?? amount.Problem ?? priority.Problem ?? from.Problem ?? until.Problem) is { } problem) return problem;
        return new GrantRequest
        {
            Tenant = cell["tenant"], Type = cell["type"], Amount = amount.Value, Source = NullIfEmpty(cell["source"]) ?? SourceDefault, Reason = NullIfEmpty(cell["reason"]),
            Reference = NullIfEmpty(cell["reference"]), Priority = priority.Value, EffectiveAt = from.Value, ExpiresAt = until.Value,
        };
    }

    private static Problem? Needed(string field, string text) => text.Length > 0 ? null : Problems.Of(400, ProblemCodes.MissingField, $"{field} must not be empty.", field);

    private static Outcome<decimal> Number(string field, string text)
    {
        if (Needed(field, text) is { } missing) return missing;
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : Problems.Invalid(field, $"{field} must be a number without marks between thousands and with a point before decimals, such as 1234.50.");
    }

    private static Outcome<int?> Whole(string field, string text)
    {
        if (text.Length == 0) return (int?)null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : Problems.Invalid(field, $"{field} must be a whole number.");
    }

    private static Outcome<DateTimeOffset?> Time(string field, string text)
    {
        if (text.Length == 0) return (DateTimeOffset?)null;
        return Times.TryParse(text, out var time) ? time : Problems.Invalid(field, $"{field} must be a time with an offset, such as 2026-01-31T09:00:00Z.");
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private readonly struct Cells(ImportKind kind, string[] cells)
    {
        public string this[string column]
        {
            get
            {
                var columns = ImportColumns.Of(kind);
                for (var index = 0; index < columns.Count; index++)
                    if (columns[index].Name == column) return cells[index];
                throw new ArgumentOutOfRangeException(nameof(column), column, "There is no column of this name.");
            }
        }
    }
}
