using Topup.Domain.Templates;

namespace Topup.Domain.Messaging;

/// <summary>What messages of one kind say, with names in braces into which each message puts its own values.</summary>
/// <param name="Subject">Empty: none.</param>
/// <param name="ContentSid">What the provider calls a text that it keeps itself and fills with <paramref name="ContentVariables"/>; empty: none.</param>
/// <param name="ContentVariables">Each a template of its own, by the name that the provider has for it.</param>
public sealed record MessageTemplate(
    string Channel, string Subject, string Text, string Html, string ContentSid, IReadOnlyDictionary<string, string> ContentVariables)
{
    /// <summary>The names in it, each once.</summary>
    public IReadOnlyList<string> Names => [.. Parts.SelectMany(part => Template.Of(part).Names).Distinct(StringComparer.Ordinal)];

    /// <summary>Names that no value was given for, and values that nothing asks for.</summary>
    public (IReadOnlyList<string> Missing, IReadOnlyList<string> Unknown) Compare(IReadOnlyCollection<string> given)
    {
        var names = Names;
        return ([.. names.Except(given, StringComparer.Ordinal)], [.. given.Except(names, StringComparer.Ordinal)]);
    }

    /// <summary>With a value for each name, written so that it can be nothing but a value where it lands.</summary>
    public MessageTemplate Fill(IReadOnlyDictionary<string, string> values) => this with
    {
        Subject = Fill(Subject, values, Landing.Header),
        Text = Fill(Text, values, Landing.Text),
        Html = Fill(Html, values, Landing.Html),
        ContentVariables = ContentVariables.ToDictionary(variable => variable.Key, variable => Fill(variable.Value, values, Landing.Text), StringComparer.Ordinal),
    };

    private IEnumerable<string> Parts =>
        [Subject, Text, Html, .. ContentVariables.OrderBy(variable => variable.Key, StringComparer.Ordinal).Select(variable => variable.Value)];

    private static string Fill(string text, IReadOnlyDictionary<string, string> values, Landing landing) =>
        Template.Of(text).Fill(values.GetValueOrDefault, landing);
}
