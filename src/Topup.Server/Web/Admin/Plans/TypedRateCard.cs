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
            var (terms, dimensions) = (Terms(Name(row, "")), Dimensions(Name(row, "dimensions")));
            if ((terms.Problem ?? dimensions.Problem) is { } wrong) return wrong;
            var priced = terms.Value!;
            rows.Add(row);
            rates.Add(new RateTerms
            {
                UsageType = usage, Name = priced.Name, Type = priced.Type, Price = priced.Price, Seconds = priced.Seconds,
                UnitCost = priced.UnitCost, Dimensions = dimensions.Value,
            });
        }
        var from = TypedTime.OrNull("effective_from", Text("effective_from"), l);
        var unknown = Text("unknown.price").Length > 0 ? Terms("unknown.") : (UnknownRateTerms?)null;
        if ((from.Problem ?? unknown.Problem) is { } problem) return problem;
        return new RateCardRequest { Plan = OrNull("plan"), EffectiveFrom = from.Value, Rates = rates, Unknown = unknown.Value };

        Outcome<UnknownRateTerms?> Terms(string of)
        {
            var price = TypedNumber.Of(of + "price", Text(of + "price"), l);
            var seconds = TypedNumber.WholeOrNull(of + "seconds", Text(of + "seconds"), l);
            var cost = TypedNumber.OrNull(of + "unit_cost", Text(of + "unit_cost"), l);
            if ((price.Problem ?? seconds.Problem ?? cost.Problem) is { } wrong) return wrong;
            return new UnknownRateTerms { Name = OrNull(of + "name"), Type = Text(of + "type"), Price = price.Value, Seconds = seconds.Value, UnitCost = cost.Value };
        }

        Outcome<IReadOnlyDictionary<string, string>?> Dimensions(string field)
        {
            var found = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var line in Text(field).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Split('=', 2, StringSplitOptions.TrimEntries) is not [var name, var value])
                    return Problems.Invalid(field, l.Words("Write what must be true as name = value, one a line, such as country = BR."));
                found[name] = value;
            }
            return found.Count == 0 ? (Dictionary<string, string>?)null : found;
        }

        string Text(string field) => form[field].ToString().Trim();
        string? OrNull(string field) => Text(field) is { Length: > 0 } typed ? typed : null;
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
