using System.Globalization;
using System.Text;

namespace Topup.Bench;

/// <summary>The report as Markdown, printed line by line as it grows.</summary>
internal sealed class Report
{
    private readonly StringBuilder text = new();

    public void Line(string line = "")
    {
        text.Append(line).Append('\n');
        Console.WriteLine(line);
    }

    public void Table(params string[] columns)
    {
        Line();
        Line("| " + string.Join(" | ", columns) + " |");
        Line("|" + string.Concat(Enumerable.Repeat("---|", columns.Length)));
    }

    public void Row(params object[] cells) =>
        Line("| " + string.Join(" | ", cells.Select(cell => cell switch
        {
            double number => number.ToString(number >= 100 ? "N0" : "0.00", CultureInfo.InvariantCulture),
            _ => cell.ToString(),
        })) + " |");

    /// <summary>A ratio beside its target, and whether it is met.</summary>
    public static string Against(double ratio, double target) => string.Create(CultureInfo.InvariantCulture,
        $"{ratio:0.00} (target {target:0.00}{(ratio >= target ? "" : ", missed")})");

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }

    public override string ToString() => text.ToString();
}
