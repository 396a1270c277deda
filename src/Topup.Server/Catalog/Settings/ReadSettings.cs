using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog.Settings;

/// <summary>Shows what the operator has set, with the defaults of what was not.</summary>
internal sealed class ReadSettings(OperatorSettings settings, TimeZoneInfo zone)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/settings/money", async (HttpContext context, ReadSettings verb) =>
                SettingsProblems.OfOneTenant(context)?.AsResult() ?? Reply.Of<MoneySettings>(await verb.Money(context.RequestAborted), Json.Wire.MoneySettings))
            .WithName("GetMoneySettings").WithSummary("Show the operator's currency, and how money is written.")
            .Produces<MoneySettings>().MayRefuse(401, 403).RequireScope(Scope.Read);
        routes.MapGet("/v1/settings/business", async (HttpContext context, ReadSettings verb) =>
                SettingsProblems.OfOneTenant(context)?.AsResult() ?? Reply.Of<BusinessSettings>(await verb.Business(context.RequestAborted), Json.Wire.BusinessSettings))
            .WithName("GetBusinessSettings").WithSummary("Show who sells, as it stands on receipts.")
            .Produces<BusinessSettings>().MayRefuse(401, 403).RequireScope(Scope.Read);
        routes.MapGet("/v1/settings/checkout", async (HttpContext context, ReadSettings verb) =>
                SettingsProblems.OfOneTenant(context)?.AsResult() ?? Reply.Of<CheckoutSettings>(await verb.Checkout(context.RequestAborted), Json.Wire.CheckoutSettings))
            .WithName("GetCheckoutSettings").WithSummary("Show how a checkout goes.")
            .Produces<CheckoutSettings>().MayRefuse(401, 403).RequireScope(Scope.Read);
        routes.MapGet("/v1/settings/addons", async (HttpContext context, ReadSettings verb) =>
                SettingsProblems.OfOneTenant(context)?.AsResult() ?? Reply.Of<AddOnSettings>(await verb.AddOns(context.RequestAborted), Json.Wire.AddOnSettings))
            .WithName("GetAddOnSettings").WithSummary("Show how add-ons are renewed.")
            .Produces<AddOnSettings>().MayRefuse(401, 403).RequireScope(Scope.Read);
        routes.MapGet("/v1/settings/operator", async (HttpContext context, ReadSettings verb) =>
                SettingsProblems.OfOneTenant(context)?.AsResult() ?? Reply.Of<OperatorContact>(await verb.Operator(context.RequestAborted), Json.Wire.OperatorContact))
            .WithName("GetOperatorContact").WithSummary("Show whom workflows write to at the operator.")
            .Produces<OperatorContact>().MayRefuse(401, 403).RequireScope(Scope.Read);
        routes.MapGet("/v1/settings/portal", async (HttpContext context, ReadSettings verb) =>
                SettingsProblems.OfOneTenant(context)?.AsResult() ?? Reply.Of<PortalSettings>(await verb.Portal(context.RequestAborted), Json.Wire.PortalSettings))
            .WithName("GetPortalSettings").WithSummary("Show where the portal may be shown, and what it shows.")
            .Produces<PortalSettings>().MayRefuse(401, 403).RequireScope(Scope.Read);
        routes.MapGet("/v1/settings/brand", async (HttpContext context, ReadSettings verb) =>
                SettingsProblems.OfOneTenant(context)?.AsResult() ?? Reply.Of<BrandSettings>(await verb.Brand(context.RequestAborted), Json.Wire.BrandSettings))
            .WithName("GetBrandSettings").WithSummary("Show what the pages are called, and how they look.")
            .Produces<BrandSettings>().MayRefuse(401, 403).RequireScope(Scope.Read);
        routes.MapGet("/v1/settings/time-zone", async (HttpContext context, ReadSettings verb) =>
                SettingsProblems.OfOneTenant(context)?.AsResult() ?? Reply.Of<TimeZoneView>(await verb.TimeZone(context.RequestAborted), Json.Wire.TimeZoneView))
            .WithName("GetTimeZone").WithSummary("Show in which time zone days and months begin, and in which they will after the next start of the server.")
            .Produces<TimeZoneView>().MayRefuse(401, 403).RequireScope(Scope.Read);
    }

    public async Task<MoneySettings> Money(CancellationToken stop) => SettingsForm.Whole(await settings.SavedMoney(stop));

    public async Task<BusinessSettings> Business(CancellationToken stop) => SettingsForm.Whole(await settings.Business(stop));

    public async Task<CheckoutSettings> Checkout(CancellationToken stop) => SettingsForm.Whole(await settings.SavedCheckout(stop));

    public async Task<AddOnSettings> AddOns(CancellationToken stop) => SettingsForm.Whole(await settings.SavedAddOns(stop));

    public async Task<OperatorContact> Operator(CancellationToken stop) => SettingsForm.Whole(await settings.Operator(stop));

    public async Task<PortalSettings> Portal(CancellationToken stop) => SettingsForm.Whole(await settings.SavedPortal(stop));

    public async Task<BrandSettings> Brand(CancellationToken stop) => BrandForm.Whole(await settings.SavedBrand(stop));

    public async Task<TimeZoneView> TimeZone(CancellationToken stop) => new() { TimeZone = await settings.SavedTimeZone(stop), TimeZoneInForce = zone.Id };
}
