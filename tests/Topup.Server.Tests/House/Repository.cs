using System.Runtime.CompilerServices;

namespace Topup.Server.Tests.House;

/// <summary>The files of the repository this was built from.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = ["artifacts", "bin", "obj", "node_modules", "data", ".git", ".vs", ".idea"];

    public static string Root { get; } = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool Has(string path) => Path.Exists(Path.Combine(Root, path));

    /// <summary>Paths below a folder, relative to the root, of files whose name ends like this.</summary>
    public static IEnumerable<string> Files(string folder, params string[] endings) =>
        from file in Walk(Path.Combine(Root, folder))
        where endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal))
        select Path.GetRelativePath(Root, file);

    private static IEnumerable<string> Walk(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder).Where(inner => !NotOurs.Contains(Path.GetFileName(inner))).SelectMany(Walk))
        .Order(StringComparer.Ordinal);

    private static string FindRoot([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
