using Topup.Contracts;

namespace Topup.Cli.Commands.Import;

/// <summary>How an import looks, whichever command shows it.</summary>
internal static class ImportOutput
{
    public static void Show(this Output output, ImportView import) => output.Show(import, TopupJson.Default.ImportView,
        ("id", import.Id), ("kind", import.Kind), ("status", import.Status), ("rows", import.Rows), ("done", import.Done), ("failed", import.Failed),
        ("percent", import.Percent), ("by", import.Actor), ("created at", import.CreatedAt), ("started at", import.StartedAt), ("ended at", import.EndedAt),
        ("kept until", import.KeptUntil));
}
