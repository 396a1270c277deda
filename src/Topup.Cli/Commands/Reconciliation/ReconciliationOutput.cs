using Topup.Contracts;

namespace Topup.Cli.Commands.Reconciliation;

/// <summary>How a comparison looks, whichever command shows it.</summary>
internal static class ReconciliationOutput
{
    public static void Show(this Output output, ReconciliationView report)
    {
        output.Show(report, TopupJson.Default.ReconciliationView,
            ("id", report.Id), ("from", report.From), ("until", report.Until), ("by", report.Actor), ("ended at", report.EndedAt),
            ("listed", Sum(report, method => method.Listed)), ("matched", Sum(report, method => method.Matched)),
            ("foreign", Sum(report, method => method.Foreign)), ("repaired", Sum(report, method => method.Repaired)),
            ("orphans", Sum(report, method => method.Orphans)), ("replayed", report.Replayed));
        foreach (var method in report.Methods) Tell(output, method);
    }

    public static int Sum(ReconciliationView report, Func<ReconciledMethod, int> count) => report.Methods.Sum(count);

    public static bool IsClean(ReconciliationView report) => report.Methods.All(method => method.Orphans == 0 && method.Failure is null);

    private static void Tell(Output output, ReconciledMethod method)
    {
        if (method.Failure is not null) output.Say($"{method.Method} was not compared to the end: {method.Failure}");
        foreach (var finding in method.Findings ?? [])
        {
            var what = $"{method.Method} {finding.Kind} {finding.Purchase ?? finding.Order} {string.Join(' ', finding.Payments)}".TrimEnd();
            output.Say(finding.Left is { } left ? $"{what}: {left}" : $"{what}: repaired");
        }
    }
}
