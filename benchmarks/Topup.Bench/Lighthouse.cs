using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Topup.Bench;

/// <summary>What Lighthouse says of a page, from the npm package in <c>benchmarks/lighthouse</c>, in Debian's Chromium.</summary>
internal static class Lighthouse
{
    /// <summary>On a machine with much else to do Chromium does not always give Lighthouse the trace that it asks for.</summary>
    private const int TriesMax = 4;

    private static readonly string Folder = FindFolder();

    public static string Version
    {
        get
        {
            using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "node_modules", "lighthouse", "package.json")));
            return package.RootElement.GetProperty("version").GetString()!;
        }
    }

    /// <param name="cookie">Of whoever is signed in; empty: nobody.</param>
    public static async Task<Judged> Run(Uri server, string path, string cookie, int runs)
    {
        var judged = new List<Judged>();
        for (var run = 0; run < runs; run++) judged.Add(await RunOnce(server, path, cookie));
        double Middle(Func<Judged, double> figure) => Report.Median(judged.Select(figure));
        return new Judged(path, Middle(one => one.Performance), Middle(one => one.Accessibility), Middle(one => one.BestPractices), Middle(one => one.LargestPaint),
            Middle(one => one.Blocking), Middle(one => one.Shift), Middle(one => one.Weight), Middle(one => one.Script));
    }

    private static async Task<Judged> RunOnce(Uri server, string path, string cookie)
    {
        var file = Path.GetTempFileName();
        var start = new ProcessStartInfo("node",
        [
            Path.Combine(Folder, "node_modules", "lighthouse", "cli", "index.js"), new Uri(server, path).ToString(), "--quiet", "--output=json", "--output-path=" + file,
            "--only-categories=performance,accessibility,best-practices", "--chrome-flags=--headless=new --no-sandbox",
            "--extra-headers=" + (cookie.Length == 0 ? "{}" : $$"""{"Cookie":"{{cookie}}"}"""),
        ]);
        start.Environment["CHROME_PATH"] = "/usr/bin/chromium";
        for (var tries = 1; ; tries++)
        {
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync();
            if (process.ExitCode == 0) break;
            if (tries == TriesMax) throw new InvalidOperationException($"Lighthouse ended with {process.ExitCode} for {path}.");
        }
        using var read = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        File.Delete(file);
        var root = read.RootElement;
        // A page that led elsewhere, such as to the sign-in, is not the page that was asked for.
        var shown = new Uri(root.GetProperty("finalDisplayedUrl").GetString()!).AbsolutePath;
        if (shown != path) throw new InvalidOperationException($"{path} led to {shown}.");
        double Score(string category) => Math.Round(root.GetProperty("categories").GetProperty(category).GetProperty("score").GetDouble() * 100);
        double Figure(string audit) => root.GetProperty("audits").GetProperty(audit).GetProperty("numericValue").GetDouble();
        var sent = root.GetProperty("audits").GetProperty("network-requests").GetProperty("details").GetProperty("items").EnumerateArray()
            .Select(item => (Kind: item.TryGetProperty("resourceType", out var kind) ? kind.GetString() : "", Bytes: item.GetProperty("transferSize").GetDouble())).ToList();
        return new Judged(path, Score("performance"), Score("accessibility"), Score("best-practices"), Figure("largest-contentful-paint"), Figure("total-blocking-time"),
            Figure("cumulative-layout-shift"), sent.Sum(item => item.Bytes) / 1_000, sent.Where(item => item.Kind == "Script").Sum(item => item.Bytes) / 1_000);
    }

    private static string FindFolder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "lighthouse"));
}

/// <param name="Performance">0 to 100, as the next two.</param>
/// <param name="LargestPaint">Milliseconds until the largest thing of the first screen is painted.</param>
/// <param name="Blocking">Milliseconds in which the page could not answer.</param>
/// <param name="Weight">Of everything the page loads, in kilobytes as they were sent.</param>
internal sealed record Judged(
    string Path, double Performance, double Accessibility, double BestPractices, double LargestPaint, double Blocking, double Shift, double Weight, double Script);
