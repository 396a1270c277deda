using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Web.Admin.Workflows;

/// <summary>
/// A workflow as it was typed. Each action keeps its number in the form, and the order stands apart: so a button can move or
/// remove one, and what was typed into the others stays with them, without any script.
/// </summary>
internal static partial class TypedWorkflow
{
    public const string OrderField = "order";
    public const string CommandField = "command";

    /// <summary>A form has no more actions than a workflow may have, and one to be told so.</summary>
    private const int ActionsMax = 11;

    public static string Name(int number, string field) => string.Create(CultureInfo.InvariantCulture, $"actions[{number}].{field}");

    /// <summary>The numbers of the actions in the order in which they are done.</summary>
    public static List<int> OrderOf(IFormCollection form) =>
    [
        .. form[OrderField].ToString().Split(',').Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .Where(number => number is >= 0 and < 1_000).Distinct().Take(ActionsMax),
    ];

    /// <summary>The number that the next action gets. It may be one that was removed, of which nothing is left in the form.</summary>
    public static int Next(List<int> order) => order.Count == 0 ? 0 : order.Max() + 1;

    /// <summary>What a button does to the order: <c>add</c>, or <c>up</c>, <c>down</c> or <c>remove</c> and the number of an action.</summary>
    public static void Obey(string command, List<int> order)
    {
        if (command == "add" && order.Count < ActionsMax)
        {
            order.Add(Next(order));
            return;
        }
        if (command.Split(' ') is not [var verb, var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return;
        var at = order.IndexOf(number);
        if (at < 0) return;
        var to = verb switch { "up" => at - 1, "down" => at + 1, _ => at };
        if (to < 0 || to >= order.Count) return;
        order.RemoveAt(at);
        if (verb != "remove") order.Insert(to, number);
    }

    public static Outcome<WorkflowRequest> Read(IFormCollection form, Locale l)
    {
        var conditions = Conditions(form, l);
        if (conditions.Problem is { } wrong) return wrong;
        var actions = new List<WorkflowAction>();
        foreach (var number in OrderOf(form))
        {
            var action = Action(form, number, l);
            if (action.Problem is { } problem) return problem;
            actions.Add(action.Value);
        }
        return new WorkflowRequest
        {
            Name = form["name"].ToString().Trim(), Event = form["event"].ToString(), Conditions = conditions.Value, Actions = actions, Enabled = form["enabled"] == "true",
        };
    }

    /// <summary>A problem with the field of the form that it is about: the API counts actions, the form has their numbers.</summary>
    public static Problem InForm(Problem problem, List<int> order) => problem.Field is { } field && OfAction().Match(field) is { Success: true } match
        && int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) is var at && at < order.Count
            ? problem with { Field = Name(order[at], match.Groups[2].Value) }
            : problem;

    private static Outcome<WorkflowConditionTerms?> Conditions(IFormCollection form, Locale l)
    {
        var min = TypedNumber.OrNull("conditions.amount_min", Text(form, "conditions.amount_min"), l);
        var max = TypedNumber.OrNull("conditions.amount_max", Text(form, "conditions.amount_max"), l);
        var percent = TypedNumber.WholeOrNull("conditions.threshold_max.percent", Text(form, "conditions.threshold_max.percent"), l);
        var mark = TypedNumber.OrNull("conditions.threshold_max.amount", Text(form, "conditions.threshold_max.amount"), l);
        if ((min.Problem ?? max.Problem ?? percent.Problem ?? mark.Problem) is { } wrong) return wrong;
        var terms = new WorkflowConditionTerms
        {
            Tenant = OrNull(form, "conditions.tenant"), Plan = OrNull(form, "conditions.plan"), Type = OrNull(form, "conditions.type"),
            Channel = OrNull(form, "conditions.channel"), AmountMin = min.Value, AmountMax = max.Value, Currency = OrNull(form, "conditions.currency")?.ToUpperInvariant(),
            ThresholdMax = percent.Value is null && mark.Value is null ? null : new ThresholdView { Percent = percent.Value, Amount = mark.Value },
        };
        return terms == new WorkflowConditionTerms() ? (WorkflowConditionTerms?)null : terms;
    }

    private static Outcome<WorkflowAction> Action(IFormCollection form, int number, Locale l)
    {
        var action = new WorkflowAction { Kind = Field("kind") ?? "" };
        switch (action.Kind)
        {
            case "webhook":
                var body = Body(Field("body"), Name(number, "body"), l);
                return body.Problem is { } unread ? unread : action with { Url = Field("url"), Body = body.Value, AllowPrivate = form[Name(number, "allow_private")] == "true" };
            case "grant":
                var amount = TypedNumber.OrNull(Name(number, "amount"), Field("amount") ?? "", l);
                var days = TypedNumber.WholeOrNull(Name(number, "expires_in_days"), Field("expires_in_days") ?? "", l);
                if ((amount.Problem ?? days.Problem) is { } wrong) return wrong;
                return action with { Type = Field("type"), Amount = amount.Value, Reason = Field("reason"), ExpiresInDays = days.Value };
            case "pause_tenant" or "resume_tenant":
                return action with { Reason = Field("reason") };
            case "email":
                return action with { To = Recipient(), Subject = Field("subject"), Text = Lines("text"), Html = Lines("html") };
            default:
                return action with { To = Recipient(), Text = Lines("text") };
        }

        string? Field(string field) => OrNull(form, Name(number, field));

        string? Lines(string field) => Field(field)?.ReplaceLineEndings("\n");

        string? Recipient() => Field("to") == "other" ? Field("address") ?? "" : Field("to");
    }

    private static Outcome<JsonElement?> Body(string? typed, string field, Locale l)
    {
        if (typed is null) return (JsonElement?)null;
        try
        {
            using var read = JsonDocument.Parse(typed);
            return (JsonElement?)read.RootElement.Clone();
        }
        catch (JsonException)
        {
            return Problems.Invalid(field, l.Words("It is not JSON. Texts stand in quotes, such as {\"tenant\": \"{tenant_id}\"}."));
        }
    }

    private static string Text(IFormCollection form, string field) => form[field].ToString().Trim();

    private static string? OrNull(IFormCollection form, string field) => Text(form, field) is { Length: > 0 } typed ? typed : null;

    [GeneratedRegex(@"^actions\[(\d{1,3})\]\.(\w+)\z")]
    private static partial Regex OfAction();
}
