using Microsoft.AspNetCore.Http.HttpResults;
using Topup.Contracts;
using Topup.Domain.Checkout;
using Topup.Domain.Tenancy;
using Topup.Server.Catalog;
using Topup.Server.Catalog.Settings;
using Topup.Server.Checkout.Methods;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Web.Admin.FirstSteps;

/// <summary>
/// The way from an empty server to the first credit spent. What is done is read from what is there, so it can be left and
/// taken up again, and nothing asks twice.
/// </summary>
internal sealed class FirstSteps(
    OperatorSettings settings, SaveSettings save, CatalogCache catalogs, SaveCreditType saveType, SavePlan savePlan, SaveTenant saveTenant,
    ListTenants tenants, ListEntries entries, PaymentMethods methods)
{
    /// <summary>The tenant that is made with the first plan, to try things out.</summary>
    public const string FirstTenant = "first-tenant";

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/admin/first-steps/last-use",
            async (HttpContext context, string tenant, FirstSteps steps) =>
                new RazorComponentResult<LastUse>(new { Tenant = tenant, Use = await steps.LastUse(tenant, context.RequestAborted), IsPart = true }))
        .WithMetadata(new StaffPageAttribute(Scope.Read)).ExcludeFromDescription();

    public async Task<FirstStepsDone> Done(CancellationToken stop)
    {
        var catalog = await catalogs.Refresh(stop);
        var (business, money) = (await settings.Business(stop), await settings.SavedMoney(stop));
        var giving = catalog.Plans.Values.Where(plan => plan.Allowances.Count > 0).OrderBy(plan => plan.Code, StringComparer.Ordinal).ToList();
        var found = await tenants.Run(Paging.Read("100", null).Value, only: null, new TenantSearch(), stop);
        var tenant = found.Problem is null ? found.Value.Data.FirstOrDefault(tenant => giving.Exists(plan => plan.Code == tenant.Plan)) : null;
        // A plan that a tenant has comes before others: a credit of it can be spent.
        var plan = giving.Find(plan => plan.Code == tenant?.Plan) ?? giving.FirstOrDefault();
        return new FirstStepsDone
        {
            Currency = money.Currency,
            Business = business.Name,
            Type = plan?.Allowances.Keys.Order(StringComparer.Ordinal).FirstOrDefault(catalog.Types.ContainsKey),
            Plan = plan?.Code,
            Tenant = tenant?.Id,
            Methods = [.. (await methods.List(stop)).Data.Where(method => method.Offered)],
        };
    }

    /// <summary>Saves all of it, or, where something is wrong, nothing.</summary>
    public async Task<Problem?> SaveMoney(string currency, string business, string timeZone, Author author, CancellationToken stop)
    {
        var (money, seller) = ((await settings.SavedMoney(stop)) with { Currency = currency }, (await settings.Business(stop)) with { Name = business });
        var zone = new TimeZoneRequest { TimeZone = timeZone };
        if (SettingsForm.Check(seller) is { } wrongName) return wrongName with { Field = "business" };
        if ((SettingsForm.Check(money) ?? SettingsForm.Check(zone)) is { } wrong) return wrong;
        return (await save.Money(money, author, stop)).Problem ?? (await save.Business(seller, author, stop)).Problem ?? (await save.TimeZone(zone, author, stop)).Problem;
    }

    /// <summary>A credit type, a plan that gives so many of it a month, and a tenant that has the plan.</summary>
    public async Task<Problem?> SaveCatalog(string type, string typeName, string plan, decimal allowance, Author author, CancellationToken stop)
    {
        var saved = await saveType.Run(type, new CreditTypeRequest { Name = typeName, Unit = "credit", Decimals = 0, Channel = type is "sms" or "whatsapp" or "email" ? type : null }, author, stop);
        if (saved.Problem is { } wrongType) return wrongType with { Field = wrongType.Field == "name" ? "type_name" : "type" };
        var planned = await savePlan.Run(plan, new PlanRequest { Name = plan, Allowances = new Dictionary<string, decimal> { [type] = allowance } }, author, stop);
        if (planned.Problem is { } wrongPlan) return wrongPlan with { Field = wrongPlan.Field == "code" ? "plan" : "allowance" };
        return (await saveTenant.Run(FirstTenant, new TenantRequest { Name = "First tenant", Plan = plan }, author, stop)).Problem;
    }

    /// <summary>The last use of a credit of a tenant, or null when there was none.</summary>
    public async Task<EntryView?> LastUse(string tenant, CancellationToken stop)
    {
        var found = await entries.Run(tenant, new ListEntries.Query(Kind: "consume", Limit: "1"), stop);
        return found.Problem is null && found.Value.Data is [var last, ..] ? last : null;
    }
}

/// <summary>What of the first steps is done; null: not yet.</summary>
internal sealed record FirstStepsDone
{
    public required string Currency { get; init; }
    public string? Business { get; init; }
    public string? Type { get; init; }
    public string? Plan { get; init; }
    public string? Tenant { get; init; }

    /// <summary>Ways to pay that buyers are offered.</summary>
    public required IReadOnlyList<PaymentMethodView> Methods { get; init; }

    /// <summary>A provider has taken its key, or payments are played.</summary>
    public bool MayBePaid => Methods.Any(method => method.LastCheck is { Works: true } || method.Method == PaymentMethod.Sandbox);
}
