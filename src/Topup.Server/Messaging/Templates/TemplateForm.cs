using System.Text.RegularExpressions;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Messaging;
using Topup.Server.Http;

namespace Topup.Server.Messaging.Templates;

/// <summary>Templates between the wire and the rules.</summary>
internal static partial class TemplateForm
{
    private const int VariablesMax = 50;
    private const int VariableNameMax = 64;
    private const int VariableLengthMax = 1_600;

    /// <summary>No message says more.</summary>
    private const int ValueLengthMax = 400_000;

    public static Problem? Check(string code, MessageTemplateRequest asked) =>
        Fields.Code("code", code)
        ?? Fields.Text("channel", asked.Channel, Code.LengthMax) ?? Fields.Code("channel", asked.Channel)
        ?? ContentSid(asked)
        ?? Variables("content_variables", asked.ContentVariables, VariableLengthMax)
        ?? MessageForm.Content(RequestOf(Of(asked), Of(asked)), isElsewhere: asked.ContentSid is not null);

    /// <summary>What is wrong with the values of a message.</summary>
    public static Problem? Values(IReadOnlyDictionary<string, string>? values) => Variables("variables", values, ValueLengthMax);

    /// <summary>What is wrong with what the provider's variables were filled with.</summary>
    public static Problem? Filled(MessageTemplate filled) => Variables("content_variables", filled.ContentVariables, VariableLengthMax);

    public static MessageTemplate Of(MessageTemplateRequest saved) => new(saved.Channel, saved.Subject ?? "", saved.Text ?? "", saved.Html ?? "",
        saved.ContentSid ?? "", saved.ContentVariables ?? new Dictionary<string, string>());

    /// <summary>As a message that says so, to be checked as one. A part of the template that came out empty is empty, not left out.</summary>
    public static MessageRequest RequestOf(MessageTemplate template, MessageTemplate filled) => new()
    {
        Tenant = "", Channel = filled.Channel, To = "", Subject = template.Subject.Length > 0 ? filled.Subject : null,
        Text = template.Text.Length > 0 ? filled.Text : null, Html = template.Html.Length > 0 ? filled.Html : null,
    };

    public static MessageTemplateView View(SavedTemplate saved) => new()
    {
        Code = saved.Code, Channel = saved.Template.Channel, Subject = saved.Template.Subject, Text = saved.Template.Text, Html = saved.Template.Html,
        ContentSid = saved.Template.ContentSid, ContentVariables = saved.Template.ContentVariables, Variables = Of(saved.Template).Names,
        UpdatedAt = saved.UpdatedAt.ToDateTimeOffset(),
    };

    /// <param name="lengthMax">Of each.</param>
    private static Problem? Variables(string field, IReadOnlyDictionary<string, string>? variables, int lengthMax)
    {
        if (variables is null) return null;
        if (Fields.Count(field, variables.Count, VariablesMax) is { } tooMany) return tooMany;
        foreach (var (name, value) in variables)
        {
            if (!VariableName().IsMatch(name))
                return Problems.Invalid(field, $"{field} must have names of 1 to {VariableNameMax} letters, digits and underscores.", VariableNameMax);
            if (value is null) return Problems.Invalid($"{field}.{name}", $"{field}.{name} must be a text, not null.");
            if (Fields.Lines($"{field}.{name}", value, lengthMax) is { } wrong) return wrong;
        }
        return null;
    }

    private static Problem? ContentSid(MessageTemplateRequest asked) =>
        asked.ContentSid is null
            ? asked.ContentVariables is null ? null : Problems.Of(400, ProblemCodes.MissingField, "content_variables are those of a content_sid.", "content_sid")
        : asked.Channel is not ("sms" or "whatsapp") ? Problems.Invalid("content_sid", "Only messages on sms and whatsapp have a content_sid.")
        : ContentSidShape().IsMatch(asked.ContentSid) ? null
        : Problems.Invalid("content_sid", "content_sid must be HX and 32 hexadecimal digits.");

    [GeneratedRegex(@"^HX[0-9a-fA-F]{32}\z")]
    private static partial Regex ContentSidShape();

    [GeneratedRegex(@"^[A-Za-z0-9_]{1,64}\z")]
    private static partial Regex VariableName();
}
