using System.Text;
using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Automation;
using Topup.Domain.Templates;
using Topup.Server.Http;
using Topup.Server.Messaging;

namespace Topup.Server.Automation.Workflows;

/// <summary>Texts of actions with values in the place of their shortcodes, each encoded for where it lands.</summary>
internal static class WorkflowText
{
    public static MessageContent Message(WorkflowAction action, string to, WorkflowEvent kind, IReadOnlyDictionary<string, string> values)
    {
        string? ValueOf(string name) => values.GetValueOrDefault(name);
        var text = action.Text is null ? "" : Template.Of(action.Text).Fill(ValueOf, Landing.Text);
        return new MessageContent(
            to,
            action.Subject is null ? "" : Template.Of(action.Subject).Fill(ValueOf, Landing.Header),
            action.Kind == WorkflowForm.Email ? text : Shortened(text, WorkflowForm.ShortTextLengthMax),
            action.Html is null ? "" : HtmlTemplate.Of(action.Html).Fill(ValueOf, name => kind.Shortcodes.Any(known => known.Name == name && known.IsLink)));
    }

    /// <summary>The body of a webhook: as the rule says, or the event as webhook endpoints get it.</summary>
    public static byte[] Body(WorkflowAction action, Happening happening, IReadOnlyDictionary<string, string> values) => action.Body is { } body
        ? Encoding.UTF8.GetBytes(Template.Of(body.GetRawText()).Fill(values.GetValueOrDefault, Landing.Json))
        : JsonSerializer.SerializeToUtf8Bytes(new WebhookEvent
        {
            Type = happening.Type, Timestamp = happening.At.ToDateTimeOffset(), Id = happening.Id, Position = happening.Position == 0 ? null : happening.Position,
            Tenant = WorkflowForm.TextOrNull(happening.Tenant), Data = happening.Data,
        }, Json.Wire.WebhookEvent);

    /// <summary>A pair of surrogates is not cut in two.</summary>
    private static string Shortened(string text, int max) =>
        text.Length <= max ? text : text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
}
