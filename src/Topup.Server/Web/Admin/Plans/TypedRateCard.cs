using System.Globalization;
using System.Text.RegularExpressions;
using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Web.Admin.Plans;

/// <summary>A rate card as it was typed into the rows of its page. Rows that were left empty are passed over.</summary>
internal static partial class TypedRateCard
{
    public const int EmptyRows = 3;

    /// <summary>A form has no more rows than a card has rates.</summary>
    private const int RowsMax = 500;

    /// <summary>The name of a field of a row, as problems of the API have it.</summary>
    public static string Name(int row, string field) => string.Create(CultureInfo.InvariantCulture, $"rates[{row}].{field}");

    public static int RowsOf(IFormCollection form) => Math.Min(RowsMax, int.TryParse(form["rows"], NumberStyles.None, CultureInfo.InvariantCulture, out var rows) ? rows : 0);

    /// <param name="rows">The rows of the form that became rates, in order.</param>
    public static Outcome<RateCardRequest> Read(IFormCollection form, Locale l, List<int> rows)
    {
        var rates = new List<RateTerms>();
        for (var row = 0; row < RowsOf(form); row++)
        {
            if (Text(Name(row, "usage_type")) is not { Length: > 0 } usage) continue;
            var (terms, at) = (Terms(row), row);
            if (terms.Problem is { } wrong) return wrong;
            var dimensions = Dimensions(Name(at, "dimensions"));
            if (dimensions.Problem is { } unread) return unread;
            rows.Add(row);
            rates.Add(new RateTerms
            {
                UsageType = usage, Name = terms.Value.Name, Type = terms.Value.Type, Price = terms.Value.Price, Seconds = terms.Value.Seconds,
                UnitCost = terms.Value.UnitCost, Dimensions = dimensions.Value,
            });
        }
        var from = TypedTime.OrNull("effective_from", Text("effective_from"), l);
        if (from.Problem is { } noTime) return noTime;
        UnknownRateTerms? unknown = null;
        if (Text("unknown.price").Length > 0)
        {
            var price = TypedNumber.Of("unknown.price", Text("unknown.price"), l);
            if (price.Problem is { } wrong) return wrong;
            unknown = new UnknownRateTerms { Type = Text("unknown.type"), Price = price.Value };
        }
        return new RateCardRequest { Plan = Text("plan") is { Length: > 0 } plan ? plan : null, EffectiveFrom = from.Value, Rates = rates, Unknown = unknown };

        Outcome<UnknownRateTerms> Terms(int row)
        {
            var price = TypedNumber.Of(Name(row, "price"), Text(Name(row, "price")), l);
            var seconds = TypedNumber.WholeOrNull(Name(row, "seconds"), Text(Name(row, "seconds")), l);
            var cost = TypedNumber.OrNull(Name(row, "unit_cost"), Text(Name(row, "unit_cost")), l);
            if ((price.Problem ?? seconds.Problem ?? cost.Problem) is { } wrong) return wrong;
            return new UnknownRateTerms
            {
                Name = Text(Name(row, "name")) is { Length: > 0 } name ? name : null, Type = Text(Name(row, "type")), Price = price.Value,
                Seconds = seconds.Value, UnitCost = cost.Value,
            };
        }

        Outcome<IReadOnlyDictionary<string, string>?> Dimensions(string field)
        {
            var found = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var part in Text(field).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (part.Split('=', StringSplitOptions.TrimEntries) is not [var name, var value])
                    return Problems.Invalid(field, l.Words("Write what must be true as name = value, with commas between, such as country = BR."));
                found[name] = value;
            }
            return found.Count == 0 ? (Dictionary<string, string>?)null : found;
        }

        string Text(string field) => form[field].ToString().Trim();
    }

    /// <summary>A problem with the field of the form that it is about: the API counts rates, the form its rows.</summary>
    public static Problem InForm(Problem problem, List<int> rows) => problem.Field is { } field && OfRate().Match(field) is { Success: true } match
        && int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) is var at && at < rows.Count
            ? problem with { Field = Name(rows[at], match.Groups[2].Length > 0 ? FieldOf(match.Groups[2].Value) : "usage_type") }
            : problem;

    /// <summary>What is wrong with one dimension is wrong with the field of all.</summary>
    private static string FieldOf(string field) => field.StartsWith("dimensions", StringComparison.Ordinal) ? "dimensions" : field;

    [GeneratedRegex(@"^rates\[(\d{1,4})\](?:\.(.+))?\z")]
    private static partial Regex OfRate();
}
