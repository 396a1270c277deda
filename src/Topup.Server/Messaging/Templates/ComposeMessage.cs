using System.Text.Json;
using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Messaging.Templates;

/// <summary>What a message says: its own words, or those of a template with its values in them. Limits hold for what comes of it.</summary>
internal sealed class ComposeMessage(MessageTemplates templates)
{
    public async Task<Outcome<MessageContent>> Run(MessageRequest asked, CancellationToken stop)
    {
        if (asked.Template is not { } code) return MessageForm.Content(asked) is { } wrong ? wrong : MessageForm.ContentOf(asked);
        if (await templates.Find(code, stop) is not { } saved) return MessageProblems.TemplateUnknown(code, "template");
        if (saved.Template.Channel != asked.Channel)
            return Problems.Invalid("template", $"The template is for {saved.Template.Channel}, and the message goes over {asked.Channel}.");
        var (template, values) = (TemplateForm.Of(saved.Template), asked.Variables ?? new Dictionary<string, string>());
        var (missing, unknown) = template.Compare([.. values.Keys]);
        if (missing.Count > 0 || unknown.Count > 0) return MessageProblems.VariablesWrong(missing, unknown);
        var filled = template.Fill(values);
        var request = TemplateForm.RequestOf(template, filled);
        if ((TemplateForm.Filled(filled) ?? MessageForm.Content(request, isElsewhere: filled.ContentSid.Length > 0)) is { } tooLong)
            return tooLong;
        return new MessageContent(asked.To, filled.Subject, filled.Text, filled.Html)
        {
            ContentSid = filled.ContentSid,
            ContentVariables = filled.ContentVariables.Count == 0 ? "" : JsonSerializer.Serialize(
                filled.ContentVariables.OrderBy(variable => variable.Key, StringComparer.Ordinal).ToDictionary(), TopupJson.Default.DictionaryStringString),
        };
    }
}
