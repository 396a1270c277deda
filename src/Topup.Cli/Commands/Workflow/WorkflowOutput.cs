using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Topup.Contracts;

namespace Topup.Cli.Commands.Workflow;

/// <summary>How a workflow and a run look, and how one is read from a file, whichever command does it.</summary>
internal static class WorkflowOutput
{
    // A field that is not of a workflow would be lost, not refused.
    private static readonly TopupJson Strict = new(new JsonSerializerOptions(TopupJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    });

    public static JsonTypeInfo<WorkflowRequest> Request => Strict.WorkflowRequest;

    public static JsonTypeInfo<WorkflowSample> Sample => Strict.WorkflowSample;

    public static void Show(this Output output, WorkflowView workflow) => output.Show(workflow, TopupJson.Default.WorkflowView,
        ("code", workflow.Code), ("secret", workflow.Secret), ("name", workflow.Name), ("event", workflow.Event),
        ("conditions", workflow.Conditions is { } terms ? JsonSerializer.Serialize(terms, TopupJson.Default.WorkflowConditionTerms) : null),
        ("actions", string.Join(", ", workflow.Actions.Select(Words))), ("enabled", workflow.Enabled), ("created at", workflow.CreatedAt),
        ("updated at", workflow.UpdatedAt));

    public static void Show(this Output output, WorkflowRunView run)
    {
        output.Show(run, TopupJson.Default.WorkflowRunView,
            ("id", run.Id), ("workflow", run.Workflow), ("event", run.Event), ("tenant", run.Tenant), ("status", run.Status), ("reason", run.Reason),
            ("created at", run.CreatedAt), ("changed at", run.ChangedAt), ("next attempt at", run.NextAttemptAt));
        foreach (var (number, action) in run.Actions.Index())
            output.Say($"{number + 1}. {action.Kind}: {action.Status}, {action.Attempts} attempts{(action.Reason is null ? "" : ", " + action.Reason)}");
    }

    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static async Task<T> Read<T>(string path, JsonTypeInfo<T> type, CancellationToken stop)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(await File.ReadAllTextAsync(path, stop), type) ?? throw new UsageException("The file holds null.");
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException("The file cannot be read: " + wrong.Message);
        }
    }

    private static string Words(WorkflowAction action) => action.Kind + (action.To ?? action.Url ?? action.Type) switch { null => "", var whom => " " + whom };
}
