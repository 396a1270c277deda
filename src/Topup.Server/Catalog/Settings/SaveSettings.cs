using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog.Settings;

/// <summary>Replaces what the operator has set. The change stands in the audit, and holds from the next request on; that of the time zone, from the next start.</summary>
internal sealed class SaveSettings(Database database, SettingsStore store, TimeProvider clock, TimeZoneInfo zone)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/v1/settings/money", (HttpContext context, SaveSettings verb) =>
                Handle(context, Json.Wire.MoneySettings, (author, money) => verb.Money(money, author, context.RequestAborted)))
            .WithName("SaveMoneySettings").WithSummary("Set the operator's currency, and how money is written.")
            .Accepts<MoneySettings>("application/json").Produces<MoneySettings>().MayRefuse(400, 401, 403, 413, 415).RequireScope(Scope.Catalog);
        routes.MapPut("/v1/settings/business", (HttpContext context, SaveSettings verb) =>
                Handle(context, Json.Wire.BusinessSettings, (author, business) => verb.Business(business, author, context.RequestAborted)))
            .WithName("SaveBusinessSettings").WithSummary("Set who sells, as it stands on the receipts that are issued from now on.")
            .Accepts<BusinessSettings>("application/json").Produces<BusinessSettings>().MayRefuse(400, 401, 403, 413, 415).RequireScope(Scope.Catalog);
        routes.MapPut("/v1/settings/checkout", (HttpContext context, SaveSettings verb) =>
                Handle(context, Json.Wire.CheckoutSettings, (author, checkout) => verb.Checkout(checkout, author, context.RequestAborted)))
            .WithName("SaveCheckoutSettings").WithSummary("Set how a checkout goes.")
            .Accepts<CheckoutSettings>("application/json").Produces<CheckoutSettings>().MayRefuse(400, 401, 403, 413, 415).RequireScope(Scope.Catalog);
        routes.MapPut("/v1/settings/addons", (HttpContext context, SaveSettings verb) =>
                Handle(context, Json.Wire.AddOnSettings, (author, addOns) => verb.AddOns(addOns, author, context.RequestAborted)))
            .WithName("SaveAddOnSettings").WithSummary("Set how add-ons are renewed.")
            .Accepts<AddOnSettings>("application/json").Produces<AddOnSettings>().MayRefuse(400, 401, 403, 413, 415).RequireScope(Scope.Catalog);
        routes.MapPut("/v1/settings/operator", (HttpContext context, SaveSettings verb) =>
                Handle(context, Json.Wire.OperatorContact, (author, contact) => verb.Operator(contact, author, context.RequestAborted)))
            .WithName("SaveOperatorContact").WithSummary("Set whom workflows write to at the operator.")
            .Accepts<OperatorContact>("application/json").Produces<OperatorContact>().MayRefuse(400, 401, 403, 413, 415).RequireScope(Scope.Catalog);
        routes.MapPut("/v1/settings/portal", (HttpContext context, SaveSettings verb) =>
                Handle(context, Json.Wire.PortalSettings, (author, portal) => verb.Portal(portal, author, context.RequestAborted)))
            .WithName("SavePortalSettings").WithSummary("Set where the portal may be shown, and what it shows.")
            .Accepts<PortalSettings>("application/json").Produces<PortalSettings>().MayRefuse(400, 401, 403, 413, 415).RequireScope(Scope.Catalog);
        routes.MapPut("/v1/settings/brand", (HttpContext context, SaveSettings verb) =>
                Handle(context, Json.Wire.BrandSettings, (author, brand) => verb.Brand(brand, author, context.RequestAborted)))
            .WithName("SaveBrandSettings").WithSummary("Set what the pages are called, and how they look.")
            .Accepts<BrandSettings>("application/json").Produces<BrandSettings>().MayRefuse(400, 401, 403, 413, 415).RequireScope(Scope.Catalog);
        routes.MapPut("/v1/settings/time-zone", (HttpContext context, SaveSettings verb) =>
                Handle(context, Json.Wire.TimeZoneRequest, Json.Wire.TimeZoneView, (author, asked) => verb.TimeZone(asked, author, context.RequestAborted)))
            .WithName("SaveTimeZone").WithSummary("Set in which time zone days and months begin, from the next start of each server on.")
            .Accepts<TimeZoneRequest>("application/json").Produces<TimeZoneView>().MayRefuse(400, 401, 403, 413, 415).RequireScope(Scope.Catalog);
    }

    public async Task<Outcome<MoneySettings>> Money(MoneySettings money, Author author, CancellationToken stop) =>
        SettingsForm.Check(money) is { } problem
            ? problem
            : await Save(OperatorSettings.MoneyName, SettingsForm.Whole(money), Json.Wire.MoneySettings, author, stop);

    public async Task<Outcome<BusinessSettings>> Business(BusinessSettings business, Author author, CancellationToken stop) =>
        SettingsForm.Check(business) is { } problem
            ? problem
            : await Save(OperatorSettings.BusinessName, SettingsForm.Whole(business), Json.Wire.BusinessSettings, author, stop);

    public async Task<Outcome<CheckoutSettings>> Checkout(CheckoutSettings checkout, Author author, CancellationToken stop) =>
        SettingsForm.Check(checkout) is { } problem
            ? problem
            : await Save(OperatorSettings.CheckoutName, SettingsForm.Whole(checkout), Json.Wire.CheckoutSettings, author, stop);

    public async Task<Outcome<AddOnSettings>> AddOns(AddOnSettings addOns, Author author, CancellationToken stop) =>
        SettingsForm.Check(addOns) is { } problem
            ? problem
            : await Save(OperatorSettings.AddOnsName, SettingsForm.Whole(addOns), Json.Wire.AddOnSettings, author, stop);

    public async Task<Outcome<OperatorContact>> Operator(OperatorContact contact, Author author, CancellationToken stop) =>
        SettingsForm.Check(contact) is { } problem
            ? problem
            : await Save(OperatorSettings.OperatorName, SettingsForm.Whole(contact), Json.Wire.OperatorContact, author, stop);

    public async Task<Outcome<PortalSettings>> Portal(PortalSettings portal, Author author, CancellationToken stop) =>
        SettingsForm.Check(portal) is { } problem
            ? problem
            : await Save(OperatorSettings.PortalName, SettingsForm.Whole(portal), Json.Wire.PortalSettings, author, stop);

    public async Task<Outcome<BrandSettings>> Brand(BrandSettings brand, Author author, CancellationToken stop) =>
        BrandForm.Check(brand) is { } problem
            ? problem
            : BrandForm.Whole(await Save(OperatorSettings.BrandName, BrandForm.AsSaved(brand), Json.Wire.BrandSettings, author, stop, BrandForm.ForAudit));

    /// <summary>Everything that counts days and months goes on in the zone of this server's start, so that none of it changes within a run.</summary>
    public async Task<Outcome<TimeZoneView>> TimeZone(TimeZoneRequest asked, Author author, CancellationToken stop)
    {
        if (SettingsForm.Check(asked) is { } problem) return problem;
        var found = TimeZoneInfo.FindSystemTimeZoneById(asked.TimeZone).Id;
        var saved = await Save(OperatorSettings.TimeZoneName, new TimeZoneRequest { TimeZone = found }, Json.Wire.TimeZoneRequest, author, stop);
        return new TimeZoneView { TimeZone = saved.TimeZone, TimeZoneInForce = zone.Id };
    }

    private static Task<IResult> Handle<T>(HttpContext context, JsonTypeInfo<T> type, Func<Author, T, Task<Outcome<T>>> save)
        where T : class => Handle(context, type, type, save);

    private static async Task<IResult> Handle<TAsked, TSaved>(
        HttpContext context, JsonTypeInfo<TAsked> asked, JsonTypeInfo<TSaved> shown, Func<Author, TAsked, Task<Outcome<TSaved>>> save)
        where TAsked : class
        where TSaved : class
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        var body = await Body.Read(context, asked);
        if (body.Problem is { } unread) return unread.AsResult();
        return Reply.Of(await save(author.Value, body.Value), shown);
    }

    /// <param name="forAudit">What the audit keeps of it; null: all.</param>
    private Task<T> Save<T>(string name, T wanted, JsonTypeInfo<T> type, Author author, CancellationToken stop, Func<T, T>? forAudit = null)
    {
        var now = Instant.From(clock.GetUtcNow());
        var after = JsonSerializer.Serialize(wanted, type);
        return database.Transact(async (connection, transaction) =>
        {
            var before = await store.Lock(connection, transaction, name);
            if (before == after) return wanted;
            await SettingsStore.Save(connection, transaction, name, after, now);
            await Audit.Add(connection, transaction, author, now, "settings.changed", name, "", Told(before), Told(after));
            return wanted;
        }, stop);

        string? Told(string? json) =>
            forAudit is null || json is null || JsonSerializer.Deserialize(json, type) is not { } saved ? json : JsonSerializer.Serialize(forAudit(saved), type);
    }
}
