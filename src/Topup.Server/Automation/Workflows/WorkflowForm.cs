using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Topup.Contracts;
using Topup.Domain.Automation;
using Topup.Domain.Catalog;
using Topup.Domain.Templates;
using Topup.Server.Automation.Webhooks;
using Topup.Server.Http;
using Topup.Server.Messaging;

namespace Topup.Server.Automation.Workflows;

/// <summary>Workflows between the wire and their rows: what is right, and how it is called.</summary>
internal static class WorkflowForm
{
    public const string Email = MessageForm.Email;
    public const string Webhook = "webhook";
    public const string Grant = "grant";
    public const string Pause = "pause_tenant";
    public const string Resume = "resume_tenant";
    public const string ToTenant = "tenant";
    public const string ToOperator = "operator";
    public const int ShortTextLengthMax = 1_600;

    private const int NameLengthMax = 100;
    private const int ActionsMax = 10;
    private const int SubjectLengthMax = 200;
    private const int TextLengthMax = 20_000;
    private const int HtmlLengthMax = 100_000;
    private const int BodyLengthMax = 20_000;
    private const int ReasonLengthMax = 200;
    private const int DaysMax = 3_650;

    private static readonly string[] Kinds = [Email, "sms", "whatsapp", Webhook, Grant, Pause, Resume];

    private static readonly string[] OfMessage = ["to", "subject", "text", "html"];
    private static readonly string[] OfWebhook = ["url", "body", "allow_private"];
    private static readonly string[] OfGrant = ["type", "amount", "reason", "expires_in_days"];

    /// <summary>The event of a request that is right, or what is wrong with it.</summary>
    public static Outcome<WorkflowEvent> Check(string code, WorkflowRequest request, CatalogSnapshot catalog)
    {
        if ((Fields.Code("code", code) ?? Fields.Text("name", request.Name, NameLengthMax)) is { } unnamed) return unnamed;
        if (WorkflowEvents.Find(request.Event) is not { } @event)
            return Problems.Invalid("event", "event must be one of those that GET /v1/workflow-events lists, such as credits.low.");
        var conditions = ConditionsOf(request.Conditions, @event, catalog);
        if ((conditions.Problem ?? Fields.Count("actions", request.Actions.Count, ActionsMax, 1) ?? WorkflowSecrets.Check(request.Secret)) is { } problem)
            return problem;
        for (var i = 0; i < request.Actions.Count; i++)
            if (Check(string.Create(CultureInfo.InvariantCulture, $"actions[{i}]"), request.Actions[i], @event, catalog) is { } wrong) return wrong;
        return @event;
    }

    /// <summary>The conditions in smallest units, or which of them cannot be.</summary>
    public static Outcome<WorkflowConditions> ConditionsOf(WorkflowConditionTerms? terms, WorkflowEvent @event, CatalogSnapshot catalog)
    {
        if (terms is null) return WorkflowConditions.None;
        if (Senseless(terms, @event) is { } field)
            return Problems.Invalid("conditions." + field, $"conditions.{field} makes no sense for {@event.Name}. {Allowed(@event)}");
        if ((Fields.TenantId("conditions.tenant", terms.Tenant) ?? Fields.Code("conditions.plan", terms.Plan) ?? Fields.Code("conditions.type", terms.Type)
            ?? Fields.Code("conditions.channel", terms.Channel) ?? Fields.Currency("conditions.currency", terms.Currency)
            ?? Known(terms, catalog) ?? Complete(terms, @event)) is { } problem) return problem;

        var decimals = terms.Type is not null && @event.Fields.HasFlag(WorkflowField.Credits) ? catalog.Types[terms.Type].Decimals
            : terms.Currency is not null ? Currency.Digits(terms.Currency)
            : 0;
        var (min, max) = (Units("conditions.amount_min", terms.AmountMin, decimals), Units("conditions.amount_max", terms.AmountMax, decimals));
        var mark = Units("conditions.threshold_max.amount", terms.ThresholdMax?.Amount, decimals);
        if ((min.Problem ?? max.Problem ?? mark.Problem) is { } wrong) return wrong;
        return new WorkflowConditions
        {
            Tenant = terms.Tenant, Plan = terms.Plan, Type = terms.Type, Channel = terms.Channel, Currency = terms.Currency,
            AmountMin = min.Value, AmountMax = max.Value, PercentMax = terms.ThresholdMax?.Percent, MarkMax = mark.Value,
        };
    }

    /// <summary>Names of condition fields that make sense for an event.</summary>
    public static IEnumerable<string> ConditionNames(WorkflowEvent @event)
    {
        var fields = @event.Fields;
        if (fields.HasFlag(WorkflowField.Tenant)) yield return "tenant";
        if (fields.HasFlag(WorkflowField.Plan)) yield return "plan";
        if (fields.HasFlag(WorkflowField.Type)) yield return "type";
        if (fields.HasFlag(WorkflowField.Type)) yield return "channel";
        if (fields.HasFlag(WorkflowField.Price)) yield return "currency";
        if ((fields & (WorkflowField.Price | WorkflowField.Credits)) != 0) yield return "amount_min";
        if ((fields & (WorkflowField.Price | WorkflowField.Credits)) != 0) yield return "amount_max";
        if (fields.HasFlag(WorkflowField.Threshold)) yield return "threshold_max";
    }

    public static bool IsMessage(WorkflowAction action) => action.Kind is Email or "sms" or "whatsapp";

    public static WorkflowView View(WorkflowRow row, string? secret = null) => new()
    {
        Code = row.Code, Name = row.Settings.Name, Event = row.Settings.Event, Conditions = row.Settings.Conditions, Actions = row.Settings.Actions,
        Enabled = row.Enabled, CreatedAt = row.CreatedAt.ToDateTimeOffset(), UpdatedAt = row.UpdatedAt.ToDateTimeOffset(), Secret = secret,
    };

    public static WorkflowRunView View(RunRow row, IEnumerable<RunActionRow> actions)
    {
        var all = actions.ToList();
        return new WorkflowRunView
        {
            Id = row.Id, Workflow = row.Workflow, Event = row.Type, EventId = row.Event, Position = row.Position, Tenant = TextOrNull(row.Tenant),
            Status = NameOf(row.Status),
            Reason = TextOrNull(row.Reason.Length > 0 || row.Status != RunStatus.Failed ? row.Reason : all.ElementAtOrDefault(row.Action)?.Reason ?? ""),
            CreatedAt = row.CreatedAt.ToDateTimeOffset(), ChangedAt = row.ChangedAt.ToDateTimeOffset(),
            NextAttemptAt = row.Status == RunStatus.Waiting ? row.DueAt.ToDateTimeOffset() : null,
            Actions =
            [
                .. all.Select(action => new WorkflowRunAction
                {
                    Kind = action.Kind, Status = NameOf(action.Status), Attempts = action.Attempts, Reason = TextOrNull(action.Reason),
                    LastAttemptAt = action.Attempts == 0 ? null : action.AttemptedAt.ToDateTimeOffset(),
                }),
            ],
        };
    }

    public static Outcome<RunStatus?> StatusOf(string? name)
    {
        if (name is null) return (RunStatus?)null;
        foreach (var status in Enum.GetValues<RunStatus>())
            if (NameOf(status) == name) return (RunStatus?)status;
        return Problems.Invalid("status", "status must be waiting, done, failed, skipped or canceled.");
    }

    /// <summary>As it is kept: without the secret.</summary>
    public static string Words(WorkflowRequest settings) => JsonSerializer.Serialize(settings with { Secret = null }, Json.Wire.WorkflowRequest);

    /// <summary>For the audit: what it does, not what it writes and to whom.</summary>
    public static string Audited(WorkflowRow row) => new JsonObject
    {
        ["name"] = row.Settings.Name,
        ["event"] = row.Settings.Event,
        ["actions"] = string.Join(' ', row.Settings.Actions.Select(action => action.Kind)),
        ["enabled"] = row.Enabled,
        ["version"] = row.Version,
    }.ToJsonString();

    public static WorkflowRequest Read(string json) => JsonSerializer.Deserialize(json, TopupJson.Default.WorkflowRequest)!;

    public static string? TextOrNull(string text) => text.Length == 0 ? null : text;

    private static string NameOf(RunStatus status) => status switch
    {
        RunStatus.Waiting => "waiting",
        RunStatus.Done => "done",
        RunStatus.Failed => "failed",
        RunStatus.Skipped => "skipped",
        RunStatus.Canceled => "canceled",
    };

    private static string NameOf(ActionStatus status) => status switch
    {
        ActionStatus.Waiting => "waiting",
        ActionStatus.Done => "done",
        ActionStatus.Failed => "failed",
        ActionStatus.Skipped => "skipped",
    };

    /// <summary>The first condition that is given and makes no sense; null: none.</summary>
    private static string? Senseless(WorkflowConditionTerms terms, WorkflowEvent @event)
    {
        (string Name, bool IsGiven)[] given =
        [
            ("tenant", terms.Tenant is not null), ("plan", terms.Plan is not null), ("type", terms.Type is not null), ("channel", terms.Channel is not null),
            ("currency", terms.Currency is not null), ("amount_min", terms.AmountMin is not null), ("amount_max", terms.AmountMax is not null),
            ("threshold_max", terms.ThresholdMax is not null),
        ];
        var sensible = ConditionNames(@event).ToList();
        return Array.Find(given, one => one.IsGiven && !sensible.Contains(one.Name)).Name;
    }

    private static string Allowed(WorkflowEvent @event) => ConditionNames(@event).ToList() is { Count: > 0 } names
        ? $"It may be asked about {string.Join(", ", names)}."
        : "There are no conditions for it.";

    private static Problem? Known(WorkflowConditionTerms terms, CatalogSnapshot catalog)
    {
        if (terms.Type is { } type && !catalog.Types.ContainsKey(type)) return TypeUnknown("conditions.type");
        return terms.Plan is { } plan && !catalog.Plans.ContainsKey(plan)
            ? Problems.Of(400, ProblemCodes.PlanUnknown, "There is no plan of this code.", "conditions.plan")
            : null;
    }

    /// <summary>An amount says nothing without what it is of.</summary>
    private static Problem? Complete(WorkflowConditionTerms terms, WorkflowEvent @event)
    {
        var hasAmount = terms.AmountMin is not null || terms.AmountMax is not null;
        if (hasAmount && @event.Fields.HasFlag(WorkflowField.Price) && terms.Currency is null)
            return Problems.Of(400, ProblemCodes.MissingField, "An amount of money needs conditions.currency.", "conditions.currency");
        if ((terms.ThresholdMax?.Amount is not null || (hasAmount && @event.Fields.HasFlag(WorkflowField.Credits))) && terms.Type is null)
            return Problems.Of(400, ProblemCodes.MissingField, "An amount of credits needs conditions.type.", "conditions.type");
        if (terms.ThresholdMax is { Percent: null, Amount: null } or { Percent: not null, Amount: not null })
            return Problems.Invalid("conditions.threshold_max", "conditions.threshold_max must have a percent or an amount.");
        return Fields.Number("conditions.threshold_max.percent", terms.ThresholdMax?.Percent, CreditType.LowPercentMin, CreditType.LowPercentMax);
    }

    private static Outcome<long?> Units(string field, decimal? amount, int decimals)
    {
        if (amount is not { } given) return (long?)null;
        var units = Fields.Amount(field, given, decimals, zeroAllowed: true);
        return units.Problem is { } problem ? problem : units.Value;
    }

    // A list on the wire may hold null, whatever its type says.
    private static Problem? Check(string at, WorkflowAction? action, WorkflowEvent @event, CatalogSnapshot catalog)
    {
        if (action is null) return Problems.Invalid(at, $"{at} must be an object, not null.");
        if (!Kinds.Contains(action.Kind)) return Problems.Invalid(at + ".kind", $"{at}.kind must be one of {string.Join(", ", Kinds)}.");
        if (Strange(action) is { } field) return Problems.Invalid($"{at}.{field}", $"{at}.{field} is not of an action of kind {action.Kind}.");
        if (!@event.IsOfTenant && (action.Kind is Grant or Pause or Resume || action.To == ToTenant))
            return Problems.Invalid(at + (IsMessage(action) ? ".to" : ".kind"), $"{@event.Name} is about no tenant.");
        return action.Kind switch
        {
            Webhook => CheckWebhook(at, action, @event),
            Grant => CheckGrant(at, action, catalog),
            Pause or Resume => Fields.Text(at + ".reason", action.Reason, ReasonLengthMax, min: 0),
            _ => CheckMessage(at, action, @event),
        };
    }

    /// <summary>The first field that is given and is not of the kind; null: none.</summary>
    private static string? Strange(WorkflowAction action)
    {
        (string Name, bool IsGiven)[] given =
        [
            ("to", action.To is not null), ("subject", action.Subject is not null), ("text", action.Text is not null), ("html", action.Html is not null),
            ("url", action.Url is not null), ("body", action.Body is not null), ("allow_private", action.AllowPrivate is not null),
            ("type", action.Type is not null), ("amount", action.Amount is not null), ("reason", action.Reason is not null), ("expires_in_days", action.ExpiresInDays is not null),
        ];
        string[] own = action.Kind switch
        {
            Webhook => OfWebhook,
            Grant => OfGrant,
            Pause or Resume => ["reason"],
            Email => OfMessage,
            _ => ["to", "text"],
        };
        return Array.Find(given, one => one.IsGiven && !own.Contains(one.Name)).Name;
    }

    private static Problem? CheckMessage(string at, WorkflowAction action, WorkflowEvent @event)
    {
        if (action.To is null) return Missing(at + ".to", "A message needs to: tenant, operator, or an address.");
        if (action.To is not (ToTenant or ToOperator) && MessageForm.Recipient(at + ".to", action.Kind, action.To) is { } nobody) return nobody;
        if (action.Kind != Email)
            return action.Text is null ? Missing(at + ".text", "The message needs a text.") : Text(at + ".text", action.Text, ShortTextLengthMax, @event);
        if (action.Subject is null) return Missing(at + ".subject", "An e-mail needs a subject.");
        if (action.Text is null && action.Html is null) return Missing(at + ".text", "An e-mail needs text or html, or both.");
        return Fields.Text(at + ".subject", action.Subject, SubjectLengthMax) ?? Shortcodes(at + ".subject", Template.Of(action.Subject).Names, @event)
            ?? (action.Text is null ? null : Text(at + ".text", action.Text, TextLengthMax, @event))
            ?? (action.Html is null ? null : Html(at + ".html", action.Html, @event));
    }

    private static Problem? CheckWebhook(string at, WorkflowAction action, WorkflowEvent @event)
    {
        if (action.Url is null) return Missing(at + ".url", "A webhook needs a url.");
        if (WebhookForm.Url(at + ".url", action.Url, action.AllowPrivate ?? false) is { } wrong) return wrong;
        if (action.Body is not { } body) return null;
        var text = body.GetRawText();
        if (text.Length > BodyLengthMax) return Problems.Invalid(at + ".body", $"{at}.body must be at most {BodyLengthMax} characters.", BodyLengthMax);
        return EventData.IsReadable(body)
            ? Shortcodes(at + ".body", Template.Of(text).Names, @event)
            : Problems.Invalid(at + ".body", $"{at}.body has a text that cannot be read.");
    }

    private static Problem? CheckGrant(string at, WorkflowAction action, CatalogSnapshot catalog)
    {
        if (action.Type is null) return Missing(at + ".type", "A grant needs a credit type.");
        if (action.Amount is not { } amount) return Missing(at + ".amount", "A grant needs an amount.");
        if (!catalog.Types.TryGetValue(action.Type, out var type)) return TypeUnknown(at + ".type");
        return Fields.Amount(at + ".amount", amount, type.Decimals).Problem
            ?? Fields.Text(at + ".reason", action.Reason, ReasonLengthMax, min: 0)
            ?? Fields.Number(at + ".expires_in_days", action.ExpiresInDays, 1, DaysMax);
    }

    private static Problem? Text(string field, string text, int max, WorkflowEvent @event) =>
        Fields.Lines(field, text, max)
        ?? (string.IsNullOrWhiteSpace(text) ? Problems.Invalid(field, $"{field} must not be empty.", 1) : Shortcodes(field, Template.Of(text).Names, @event));

    private static Problem? Html(string field, string html, WorkflowEvent @event)
    {
        if (Fields.Lines(field, html, HtmlLengthMax) is { } problem) return problem;
        if (string.IsNullOrWhiteSpace(html)) return Problems.Invalid(field, $"{field} must not be empty.", 1);
        var template = HtmlTemplate.Of(html);
        if (Shortcodes(field, template.Names, @event) is { } unknown) return unknown;
        return template.Misplaced is [var name, ..]
            ? Problems.Invalid(field,
                $"{{{name}}} stands where its value could be code. Write it between tags, or in an attribute in quotes that is no script and no style.")
            : null;
    }

    private static Problem? Shortcodes(string field, IReadOnlyList<string> names, WorkflowEvent @event) =>
        names.FirstOrDefault(name => !@event.Has(name)) is { } unknown
            ? Problems.Invalid(field,
                $"{{{unknown}}} is no shortcode of {@event.Name}. There are {string.Join(' ', @event.Shortcodes.Select(known => $"{{{known.Name}}}"))}.")
            : null;

    private static Problem TypeUnknown(string field) => Problems.Of(404, ProblemCodes.TypeUnknown, "There is no credit type of this code.", field);

    private static Problem Missing(string field, string detail) => Problems.Of(400, ProblemCodes.MissingField, detail, field);
}
