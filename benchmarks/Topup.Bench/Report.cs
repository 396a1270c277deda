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

    /// <summary>A figure beside the most that it may be.</summary>
    public static string AtMost(double figure, double target) => string.Create(CultureInfo.InvariantCulture,
        $"{figure:0.0} (at most {target:0}{(figure <= target ? "" : ", missed")})");

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Writes the report. What a file has of an earlier run and this one did not measure stays as it is.</summary>
    public async Task Save(string file)
    {
        var measured = Sections(text.ToString());
        if (!File.Exists(file) || measured.Count == 1)
        {
            await File.WriteAllTextAsync(file, text.ToString());
            return;
        }
        var kept = Sections(await File.ReadAllTextAsync(file));
        var known = kept.Select(TitleOf).ToHashSet();
        var sections = kept.Skip(1).Select(old => measured.FirstOrDefault(section => TitleOf(section) == TitleOf(old)) ?? old)
            .Concat(measured.Skip(1).Where(section => !known.Contains(TitleOf(section))));
        await File.WriteAllTextAsync(file, string.Join("\n\n", sections.Prepend(kept[0]).Select(section => section.Trim())) + "\n");
    }

    /// <summary>What stands before the first heading, and each heading with what stands under it.</summary>
    private static List<string> Sections(string report) =>
        [.. report.Split("\n## ").Select((section, index) => index == 0 ? section : "## " + section)];

    private static string TitleOf(string section) => section.Split('\n')[0];
}
