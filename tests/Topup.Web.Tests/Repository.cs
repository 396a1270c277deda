using System.Runtime.CompilerServices;

namespace Topup.Web.Tests;

internal static class Repository
{
    /// <summary>The folder of the repository this was built from.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
