using System.Diagnostics;
using System.Globalization;

namespace Topup.Prove;

/// <summary>One run of a proof: its random choices, how much of the target it runs, and what it has really done.</summary>
internal sealed class Trial
{
    private readonly decimal scale;
    private readonly Stopwatch time = Stopwatch.StartNew();
    private readonly Lock counting = new();
    private readonly Dictionary<string, long> ran = [];
    private readonly Dictionary<string, long> faults = [];
    private readonly List<string> figures = [];

    private Trial(int seed, decimal scale)
    {
        this.scale = scale;
        Seed = seed;
        Random = new Random(seed);
    }

    public int Seed { get; }

    public Random Random { get; }

    /// <summary>Runs a proof and prints its verdict. A proof in which no fault fired has proven nothing, and fails.</summary>
    /// <param name="results">Where what held is kept; null: nowhere.</param>
    public static async Task<bool> Run(Proof proof, int seed, decimal scale, ResultsPage? results)
    {
        var trial = new Trial(seed, scale);
        Console.WriteLine($"\n{proof.Name}: {proof.Promise}");
        var verdict = "held";
        try
        {
            await proof.Run(trial);
            if (trial.faults.Values.Sum() == 0) verdict = "FAILED: no fault fired, so nothing was proven";
        }
        catch (Exception broken)
        {
            verdict = $"FAILED: {broken}";
        }
        string[] seen = [$"ran     {List(trial.ran)}", $"faults  {List(trial.faults)}", .. trial.figures.Select(figure => $"saw     {figure}")];
        Console.WriteLine($"  seed    {seed}");
        foreach (var line in seen) Console.WriteLine("  " + line);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {proof.Name} {verdict} ({trial.time.Elapsed.TotalSeconds:0.0} s)"));
        if (verdict != "held") return false;
        if (results is not null) await results.Keep(proof, seed, trial.time.Elapsed, seen);
        return true;
    }

    /// <summary>So much of a long target; at least one.</summary>
    public int Of(int target, int min = 1) => Math.Max(min, (int)(target * scale));

    /// <summary>What was done, to be counted in the verdict.</summary>
    public void Ran(string what, long count = 1) => Count(ran, what, count);

    /// <summary>What went wrong on purpose.</summary>
    public void Fault(string what, long count = 1) => Count(faults, what, count);

    public void Saw(string figure)
    {
        lock (counting) figures.Add(figure);
    }

    /// <summary>Parts of a proof may run side by side.</summary>
    private void Count(Dictionary<string, long> counts, string what, long count)
    {
        lock (counting) counts[what] = counts.GetValueOrDefault(what) + count;
    }

    private static string List(Dictionary<string, long> counts) => counts.Count == 0 ? "nothing" : string.Join(", ",
        counts.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value:#,0} {pair.Key}")));
}
