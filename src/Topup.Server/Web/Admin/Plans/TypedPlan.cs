using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Web.Admin.Plans;

/// <summary>A plan as it was typed into the form of its page.</summary>
internal static class TypedPlan
{
    public const string NotIncluded = "none";
    public const string SoMany = "some";
    public const string Unlimited = "unlimited";

    public static Outcome<PlanRequest> Read(IFormCollection form, IEnumerable<string> types, Locale l)
    {
        var allowances = new Dictionary<string, decimal>(StringComparer.Ordinal);
        var rollover = new Dictionary<string, RolloverTerms>(StringComparer.Ordinal);
        foreach (var type in types)
        {
            var field = AllowanceField(type);
            switch (form[IncludedField(type)].ToString())
            {
                case Unlimited:
                    allowances[type] = -1;
                    break;
                case SoMany:
                    var amount = TypedNumber.Of(field, form[field].ToString(), l);
                    if (amount.Problem is { } wrong) return wrong;
                    allowances[type] = amount.Value;
                    break;
            }
            var (min, max) = (Number($"rollover.{type}.min"), Number($"rollover.{type}.max"));
            if ((min.Problem ?? max.Problem) is { } problem) return problem;
            if (min.Value is not null || max.Value is not null) rollover[type] = new RolloverTerms { Min = min.Value, Max = max.Value ?? min.Value!.Value };
        }
        return new PlanRequest
        {
            Name = form["name"].ToString(), Allowances = allowances, Rollover = rollover,
            TopUp = form["all_types"].ToString() == "true" ? null : [.. form["top_up"].OfType<string>()],
        };

        Outcome<decimal?> Number(string field) => TypedNumber.OrNull(field, form[field].ToString(), l);
    }

    /// <summary>The field of how many, with the name that it has in problems.</summary>
    public static string AllowanceField(string type) => "allowances." + type;

    public static string IncludedField(string type) => "included." + type;

    public static string Included(PlanView? plan, string type) =>
        plan is null || !plan.Allowances.TryGetValue(type, out var amount) ? NotIncluded : amount < 0 ? Unlimited : SoMany;
}
