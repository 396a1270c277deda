using Topup.Contracts;

namespace Topup.Server.Web.Admin.Workflows;

/// <summary>What workflows do, and how far they are, as it is called on pages.</summary>
internal static class WorkflowWords
{
    public static readonly IReadOnlyList<string> Kinds = ["email", "sms", "whatsapp", "webhook", "grant", "pause_tenant", "resume_tenant"];

    public static readonly IReadOnlyList<string> Statuses = ["waiting", "done", "failed", "skipped", "canceled"];

    public static string KindOf(Locale l, string kind) => kind switch
    {
        "email" => l.Words("Send an e-mail"),
        "sms" => l.Words("Send a text message"),
        "whatsapp" => l.Words("Send a WhatsApp message"),
        "webhook" => l.Words("Call a webhook"),
        "grant" => l.Words("Give credits"),
        "pause_tenant" => l.Words("Pause the tenant"),
        "resume_tenant" => l.Words("Let the tenant go on"),
        _ => kind,
    };

    public static string StatusOf(Locale l, string status) => status switch
    {
        "waiting" => l.Words("Waiting"),
        "done" => l.Words("Done"),
        "failed" => l.Words("Failed"),
        "skipped" => l.Words("Skipped"),
        "canceled" => l.Words("Canceled"),
        _ => status,
    };

    public static string ColourOf(string status) => status switch { "done" => "green", "failed" => "red", "waiting" => "blue", _ => "secondary" };

    /// <summary>The actions in order, in a line.</summary>
    public static string ActionsOf(Locale l, IEnumerable<string> kinds) => string.Join(" → ", kinds.Select(kind => KindOf(l, kind)));

    /// <summary>A workflow as it is, to be saved with a change.</summary>
    public static WorkflowRequest RequestOf(WorkflowView workflow) => new()
    {
        Name = workflow.Name, Event = workflow.Event, Conditions = workflow.Conditions, Actions = workflow.Actions, Enabled = workflow.Enabled,
    };
}
