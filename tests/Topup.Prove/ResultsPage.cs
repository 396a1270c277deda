using System.Globalization;

namespace Topup.Prove;

/// <summary>The page of what held at full length: a section for each proof, in the order of their names.</summary>
/// <param name="state">The state of the sources that was run.</param>
internal sealed class ResultsPage(string file, string state)
{
    private const string Heading = "## ";

    /// <summary>Puts a result in the place of an older one of the same proof.</summary>
    /// <param name="seen">What it ran, which faults fired, and what was seen, a line each.</param>
    public async Task Keep(Proof proof, int seed, TimeSpan took, IReadOnlyList<string> seen)
    {
        var parts = (await File.ReadAllTextAsync(file)).Split("\n" + Heading);
        var kept = parts.Skip(1).Where(part => NameOf(part) != proof.Name).Append(Section(proof, seed, took, seen)).OrderBy(part => int.Parse(NameOf(part)[1..], CultureInfo.InvariantCulture));
        await File.WriteAllTextAsync(file, string.Join("\n\n" + Heading, kept.Prepend(parts[0]).Select(part => part.Trim())) + "\n");
    }

    private string Section(Proof proof, int seed, TimeSpan took, IReadOnlyList<string> seen) => string.Create(CultureInfo.InvariantCulture,
        $"""
        {proof.Name}

        {proof.Promise}

        ```text
        {string.Join('\n', seen)}
        held    in {took.TotalSeconds:#,0} s on {DateTime.UtcNow:yyyy-MM-dd}, seed {seed}{(state.Length > 0 ? ", at " + state : "")}
        ```
        """);

    private static string NameOf(string part) => part.Split('\n')[0].Trim();
}
