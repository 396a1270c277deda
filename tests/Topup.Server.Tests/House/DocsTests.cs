using System.Reflection;
using System.Text.RegularExpressions;
using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.House;

/// <summary>Documents that nobody checks drift. What a machine can check of ours, it checks: names, paths, links, lists.</summary>
public sealed partial class DocsTests
{
    private const int ColumnsMax = 200;

    private static readonly string[] Documents = [.. Directory.EnumerateFiles(Repository.Root, "*.md").Select(file => Path.GetFileName(file)), .. Repository.Files("docs", ".md")];

    [Fact]
    public void Every_path_that_a_document_names_is_there()
    {
        var missing = from document in Documents
            from Match path in PathInText().Matches(Repository.Read(document))
            where !Repository.Has(path.Groups["path"].Value)
            select $"{document}: {path.Groups["path"].Value}";
        missing.ShouldBeEmpty();
        PathInText().Count(Repository.Read("docs/map.md")).ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Every_link_between_documents_leads_somewhere()
    {
        foreach (var document in Documents)
            foreach (Match link in Link().Matches(WithoutCode(Repository.Read(document))))
            {
                var (file, anchor) = (link.Groups["file"].Value, link.Groups["anchor"].Value);
                if (file.Contains(':', StringComparison.Ordinal)) continue;
                var target = file.Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, file);
                Repository.Has(target).ShouldBeTrue($"{document} links to {target}");
                if (anchor.Length > 0) Anchors(target).ShouldContain(anchor, $"{document} links to {target}#{anchor}");
            }
    }

    [Fact]
    public void Every_rule_of_credit_names_a_test_and_every_test_it_names_is_there()
    {
        var tests = Tests();
        var rules = Rule().Matches(Repository.Read("docs/ledger.md"));
        rules.Select(rule => rule.Groups["name"].Value).ShouldBe(Enumerable.Range(1, rules.Count).Select(number => $"L{number}"), "rules are numbered");
        rules.Count.ShouldBeGreaterThan(20);
        foreach (Match rule in rules)
        {
            var named = TestInText().Matches(rule.Value).Select(test => test.Groups["test"].Value).ToList();
            named.ShouldNotBeEmpty(rule.Groups["name"].Value);
            named.Except(tests).ShouldBeEmpty(rule.Groups["name"].Value);
        }
        var everywhere = from document in Documents
            from Match test in TestInText().Matches(Repository.Read(document))
            where !tests.Contains(test.Groups["test"].Value)
            select $"{document}: {test.Groups["test"].Value}";
        everywhere.ShouldBeEmpty();
    }

    [Fact]
    public void Every_setting_of_the_source_is_documented_and_no_other()
    {
        var known = Repository.Files("src/Topup.Server", ".cs").SelectMany(file => Setting().Matches(Repository.Read(file))).Select(found => found.Groups["name"].Value.Replace(":", "__", StringComparison.Ordinal));
        var told = SettingInText().Matches(Repository.Read("docs/operations.md")).Select(found => found.Groups["name"].Value);
        told.Distinct().Order().ShouldBe(known.Distinct().Order());
    }

    [Fact]
    public void Every_problem_code_is_documented_and_no_other()
    {
        var known = typeof(ProblemCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
        FirstCells("docs/operations.md", "Problem codes").ShouldBe(known.Order(StringComparer.Ordinal), ignoreOrder: true);
    }

    [Fact]
    public void Every_event_that_the_server_tells_is_documented_and_no_other()
    {
        string[] tellers = ["src/Topup.Server/Ledger/LedgerNews.cs", .. Repository.Files("src/Topup.Server", ".cs").Where(file => Repository.Read(file).Contains("OutboxEvent.Create(", StringComparison.Ordinal))];
        var known = tellers.SelectMany(file => EventInSource().Matches(Repository.Read(file))).Select(found => found.Groups["name"].Value).Where(name => name != "tenant.changed");
        FirstCells("docs/events.md", "Events").ShouldBe(known.Distinct().Order(StringComparer.Ordinal), ignoreOrder: true);
    }

    [Fact]
    public void Every_event_that_is_documented_has_a_name_in_the_contracts_and_no_other() =>
        FirstCells("docs/events.md", "Events").Order(StringComparer.Ordinal).ShouldBe(EventTypes.All);

    [Fact]
    public void Nothing_is_left_to_do_later()
    {
        // Spelled in two parts, for this file is searched too.
        var marker = new Regex(@"\b(TO" + @"DO|FIX" + @"ME)\b");
        string[] files = [.. Documents, "run", "test", "bench", "prove", ".ci/run", .. new[] { "src", "tests", "benchmarks" }.SelectMany(folder => Repository.Files(folder, ".cs", ".csproj", ".sql"))];
        files.Where(file => marker.IsMatch(Repository.Read(file))).ShouldBeEmpty();
    }

    [Fact]
    public void Lines_fit_a_screen()
    {
        var long_lines = from file in Repository.Files("src", ".cs", ".sql")
            from line in Repository.Read(file).Split('\n').Index()
            where line.Item.Length > ColumnsMax
            select $"{file}:{line.Index + 1} has {line.Item.Length} columns";
        long_lines.ShouldBeEmpty();
    }

    /// <summary>Class.Method of every test, from the sources: the suites do not refer to each other.</summary>
    private static HashSet<string> Tests() =>
        [.. from file in Repository.Files("tests", ".cs")
            let type = Path.GetFileNameWithoutExtension(file)
            from Match test in TestInSource().Matches(Repository.Read(file))
            select $"{type}.{test.Groups["name"].Value}"];

    /// <summary>What stands as code in the first cell of each row of the table under a heading.</summary>
    private static List<string> FirstCells(string document, string heading)
    {
        var section = Repository.Read(document).Split("\n## ").Single(part => part.StartsWith(heading + "\n", StringComparison.Ordinal));
        return [.. FirstCell().Matches(section).Select(cell => cell.Groups["name"].Value)];
    }

    private static IEnumerable<string> Anchors(string document) =>
        Heading().Matches(WithoutCode(Repository.Read(document))).Select(heading =>
            NotInAnchor().Replace(heading.Groups["title"].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    private static string WithoutCode(string markdown) => CodeBlock().Replace(markdown, "");

    [GeneratedRegex(@"(?<![\w/.~:-])(?<path>(src|tests|docs|benchmarks|\.ci)/[\w./-]*[\w-])|(?<=`)\./(?<path>run|test|bench|prove)\b")]
    private static partial Regex PathInText();

    [GeneratedRegex(@"(?<!\!)\[[^\]]+\]\((?<file>[^)#\s]*)(#(?<anchor>[^)\s]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<title>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex("^```.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    /// <summary>From its number to the next rule or heading.</summary>
    [GeneratedRegex(@"^\*\*(?<name>L\d+)\b.*?(?=^\*\*L\d+\b|^#|\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Rule();

    [GeneratedRegex(@"`(?<test>[A-Z]\w*(Tests|Properties|Contract)\.[A-Z]\w*)`")]
    private static partial Regex TestInText();

    [GeneratedRegex(@"\[(Fact|Theory)\b.*?\bpublic\s+(async\s+)?(void|Task)\s+(?<name>\w+)\s*\(", RegexOptions.Singleline)]
    private static partial Regex TestInSource();

    [GeneratedRegex(@"""Topup:(?<name>[\w:]+)""|\bNumber\(settings, ""(?<name>\w+)""")]
    private static partial Regex Setting();

    [GeneratedRegex(@"`Topup__(?<name>\w+)`")]
    private static partial Regex SettingInText();

    [GeneratedRegex(@"^\| `(?<name>[a-z_.]+)`", RegexOptions.Multiline)]
    private static partial Regex FirstCell();

    [GeneratedRegex(@"""(?<name>[a-z]+\.[a-z_]+)""")]
    private static partial Regex EventInSource();
}
