using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Imports;

namespace Topup.Server.Web.Admin.Imports;

/// <summary>Imports in words.</summary>
internal static class ImportWords
{
    public static string OfStatus(Locale l, string status) => status switch
    {
        "checked" => l.Words("Waits for your yes"),
        "waiting" => l.Words("Waits for a server"),
        "running" => l.Words("Running"),
        "done" => l.Words("Done"),
        "canceled" => l.Words("Canceled"),
        _ => status,
    };

    public static string ColourOf(ImportView import) => import.Status switch
    {
        "checked" => "yellow",
        "waiting" or "running" => "blue",
        "done" => import.Failed == 0 ? "green" : "yellow",
        _ => "secondary",
    };

    public static string OfKind(Locale l, string kind) => ImportKinds.Of(kind) switch
    {
        ImportKind.Tenants => l.Words("Tenants"),
        ImportKind.Grants => l.Words("Gifts of credits"),
        null => kind,
    };

    public static bool IsOpen(ImportView import) => import.Status is "waiting" or "running";

    public static string TotalsOf(Locale l, IReadOnlyDictionary<string, decimal> totals) =>
        string.Join(", ", totals.Select(total => $"{l.Number(total.Value)} {total.Key}"));

    /// <summary>All that is told of a file that was refused.</summary>
    public static IReadOnlyList<ImportError> ErrorsOf(Problem? problem) =>
        problem?.Extensions is { } more && more.TryGetValue("errors", out var errors) ? errors.Deserialize(TopupJson.Default.IReadOnlyListImportError) ?? [] : [];
}
