using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.House;

/// <summary>
/// The tours of the README and of the guides, run as they are written: every <c>sh</c> block of one by one bash against a
/// real server, every reply compared with the <c>json</c> or <c>text</c> block below it.
/// </summary>
public sealed partial class TourTests
{
    private const char EndOfStep = '\x1e';

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Documents => ["README.md", "docs/metering.md", "docs/addons.md", "docs/automation.md"];

    [Theory]
    [MemberData(nameof(Documents))]
    public Task It_goes_as_written_on_sqlite(string document) => Go(document, DatabaseKind.Sqlite);

    [Theory]
    [MemberData(nameof(Documents))]
    public Task It_goes_as_written_on_postgres(string document) => Go(document, DatabaseKind.Postgres);

    private static async Task Go(string document, DatabaseKind kind)
    {
        var steps = Steps(document);
        steps.Count.ShouldBeGreaterThan(10);
        await using var host = await TestHost.Start(kind, "--Topup:Demo=true");

        var replies = await Run(string.Concat(steps.Select(step => $"{step.Commands}\nprintf '\\036'\n")), host.Url);

        var (shown, seen) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        for (var i = 0; i < steps.Count; i++)
        {
            var reply = i < replies.Length ? replies[i] : "(none: the shell has stopped)";
            Normal(reply, steps[i].IsJson, seen).ShouldBe(Normal(steps[i].Reply, steps[i].IsJson, shown), steps[i].Commands);
        }
    }

    /// <summary>Commands, and the reply shown below them; nothing shown means that nothing is said. What stands before the first command is no reply.</summary>
    private static List<Step> Steps(string document)
    {
        var steps = new List<Step>();
        foreach (Match block in Block().Matches(Repository.Read(document)))
        {
            var (kind, text) = (block.Groups["kind"].Value, block.Groups["text"].Value);
            if (kind == "sh") steps.Add(new Step(text, "", IsJson: false));
            else if (steps.Count > 0) steps[^1] = steps[^1] with { Reply = text, IsJson = kind == "json" };
        }
        return steps;
    }

    private static async Task<string[]> Run(string script, Uri url)
    {
        var start = new ProcessStartInfo("bash", ["-eu", "-o", "pipefail", "-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TOPUP_URL"] = url.ToString().TrimEnd('/');
        start.Environment["TOPUP_KEY"] = TestHost.BootstrapKey;
        using var bash = Process.Start(start)!;
        var errors = bash.StandardError.ReadToEndAsync(Stop);
        var output = await bash.StandardOutput.ReadToEndAsync(Stop);
        await bash.WaitForExitAsync(Stop);
        (await errors).ShouldBeEmpty();
        return output.Split(EndOfStep);
    }

    /// <summary>
    /// Amounts and times are compared as they are: the clock stands still. Random ids are masked. Entries of one moment are
    /// numbered for each pool or for all, by database; so numbers are compared by which are the same, and lines in any order.
    /// </summary>
    private static string Normal(string text, bool isJson, Dictionary<string, int> numbers)
    {
        var plain = Uuid().Replace(
            isJson && text.Length > 0 ? JsonNode.Parse(text)!.ToJsonString() : string.Join('\n', text.Trim().Split('\n').Order(StringComparer.Ordinal)), "(uuid)");
        return EntryId().Replace(plain, id =>
        {
            numbers.TryAdd(id.Value, numbers.Count + 1);
            return $"{id.Groups["pool"].Value}({numbers[id.Value]})";
        });
    }

    [GeneratedRegex(@"^```(?<kind>sh|json|text)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    [GeneratedRegex("(?<pool>[a-z]+~[a-z]+~)[0-9]+")]
    private static partial Regex EntryId();

    private sealed record Step(string Commands, string Reply, bool IsJson);
}
