using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Topup.Contracts;
using Topup.Domain.Catalog;

namespace Topup.Server.Catalog.Settings;

/// <summary>What the operator has set, for all rooms; what was never set has its default.</summary>
internal sealed class OperatorSettings(SettingsStore store)
{
    public const string MoneyName = "money";
    public const string BusinessName = "business";
    public const string CheckoutName = "checkout";
    public const string AddOnsName = "addons";
    public const string OperatorName = "operator";
    public const string PortalName = "portal";
    public const string BrandName = "brand";
    public const string TimeZoneName = "time_zone";

    public async Task<MoneyOnScreen> Money(CancellationToken stop) => SettingsForm.OnScreen(await SavedMoney(stop));

    public Task<BusinessSettings> Business(CancellationToken stop) => Read(BusinessName, TopupJson.Default.BusinessSettings, new BusinessSettings(), stop);

    public async Task<CheckoutRules> Checkout(CancellationToken stop) => SettingsForm.Rules(await SavedCheckout(stop));

    public Task<MoneySettings> SavedMoney(CancellationToken stop) =>
        Read(MoneyName, TopupJson.Default.MoneySettings, new MoneySettings { Currency = SettingsForm.CurrencyDefault }, stop);

    public Task<CheckoutSettings> SavedCheckout(CancellationToken stop) => Read(CheckoutName, TopupJson.Default.CheckoutSettings, new CheckoutSettings(), stop);

    public Task<AddOnSettings> SavedAddOns(CancellationToken stop) => Read(AddOnsName, TopupJson.Default.AddOnSettings, new AddOnSettings(), stop);

    public Task<OperatorContact> Operator(CancellationToken stop) => Read(OperatorName, TopupJson.Default.OperatorContact, new OperatorContact(), stop);

    public Task<PortalSettings> SavedPortal(CancellationToken stop) => Read(PortalName, TopupJson.Default.PortalSettings, new PortalSettings(), stop);

    public Task<BrandSettings> SavedBrand(CancellationToken stop) => Read(BrandName, TopupJson.Default.BrandSettings, new BrandSettings(), stop);

    /// <summary>IANA id of the time zone that was saved, null for none. Which one holds, the server has decided when it started.</summary>
    public async Task<string?> SavedTimeZone(CancellationToken stop) =>
        await store.Read(TimeZoneName, stop) is { } json ? JsonSerializer.Deserialize(json, TopupJson.Default.TimeZoneRequest)?.TimeZone : null;

    /// <summary>The brand and the business, whose name it has when it has none, in one go: every page asks.</summary>
    public async Task<(BrandSettings Brand, BusinessSettings Business)> BrandAndBusiness(CancellationToken stop)
    {
        var saved = await store.Read([BrandName, BusinessName], stop);
        return (Of(BrandName, TopupJson.Default.BrandSettings) ?? new BrandSettings(), Of(BusinessName, TopupJson.Default.BusinessSettings) ?? new BusinessSettings());

        T? Of<T>(string name, JsonTypeInfo<T> type)
            where T : class => saved.TryGetValue(name, out var json) ? JsonSerializer.Deserialize(json, type) : null;
    }

    /// <summary>How many days an add-on goes on working when its renewal cannot be charged.</summary>
    public async Task<int> GraceDays(CancellationToken stop) => SettingsForm.Whole(await SavedAddOns(stop)).GraceDays!.Value;

    private async Task<T> Read<T>(string name, JsonTypeInfo<T> type, T unset, CancellationToken stop) =>
        await store.Read(name, stop) is { } json && JsonSerializer.Deserialize(json, type) is { } saved ? saved : unset;
}

/// <summary>How money is shown.</summary>
/// <param name="Currency">The operator's own.</param>
/// <param name="Styles">Own styles by currency.</param>
internal sealed record MoneyOnScreen(string Currency, IReadOnlyDictionary<string, MoneyStyle> Styles)
{
    public string Text(long units, string currency) => MoneyFormat.Text(units, currency, Styles.GetValueOrDefault(currency));
}

/// <summary>How a checkout goes.</summary>
/// <param name="DefaultMethod">Empty: the first that is ready.</param>
/// <param name="CheckoutMinutes">How long a buyer may take to pay.</param>
/// <param name="RedirectDelay">Seconds that a buyer who comes back is shown the result.</param>
internal sealed record CheckoutRules(string DefaultMethod, SpentOnRefund SpentOnRefund, int CheckoutMinutes, int RedirectDelay);

/// <summary>What becomes of credits that were spent before their payment was refunded.</summary>
internal enum SpentOnRefund
{
    /// <summary>The tenant owes them; the next credits pay.</summary>
    Debt,
    Forgive,
}
