using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>The operator's currency, and how money is written.</summary>
    public Task<MoneySettings> GetMoneySettings(CancellationToken stop = default) => Get("/v1/settings/money", TopupJson.Default.MoneySettings, stop);

    /// <summary>Sets the operator's currency, and how money is written.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<MoneySettings> SaveMoneySettings(MoneySettings settings, string? reason = null, CancellationToken stop = default) =>
        Put("/v1/settings/money", settings, TopupJson.Default.MoneySettings, TopupJson.Default.MoneySettings, reason, stop);

    /// <summary>In which time zone days and months begin, and in which they will after the next start of the server.</summary>
    public Task<TimeZoneView> GetTimeZone(CancellationToken stop = default) => Get("/v1/settings/time-zone", TopupJson.Default.TimeZoneView, stop);

    /// <summary>Sets in which time zone days and months begin, from the next start of each server on.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<TimeZoneView> SaveTimeZone(TimeZoneRequest request, string? reason = null, CancellationToken stop = default) =>
        Put("/v1/settings/time-zone", request, TopupJson.Default.TimeZoneRequest, TopupJson.Default.TimeZoneView, reason, stop);

    /// <summary>Who sells, as it stands on receipts.</summary>
    public Task<BusinessSettings> GetBusinessSettings(CancellationToken stop = default) =>
        Get("/v1/settings/business", TopupJson.Default.BusinessSettings, stop);

    /// <summary>Sets who sells, as it stands on the receipts that are issued from now on.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<BusinessSettings> SaveBusinessSettings(BusinessSettings settings, string? reason = null, CancellationToken stop = default) =>
        Put("/v1/settings/business", settings, TopupJson.Default.BusinessSettings, TopupJson.Default.BusinessSettings, reason, stop);

    /// <summary>How a checkout goes.</summary>
    public Task<CheckoutSettings> GetCheckoutSettings(CancellationToken stop = default) =>
        Get("/v1/settings/checkout", TopupJson.Default.CheckoutSettings, stop);

    /// <summary>Sets how a checkout goes.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<CheckoutSettings> SaveCheckoutSettings(CheckoutSettings settings, string? reason = null, CancellationToken stop = default) =>
        Put("/v1/settings/checkout", settings, TopupJson.Default.CheckoutSettings, TopupJson.Default.CheckoutSettings, reason, stop);

    /// <summary>Whom workflows write to at the operator.</summary>
    public Task<OperatorContact> GetOperatorContact(CancellationToken stop = default) => Get("/v1/settings/operator", TopupJson.Default.OperatorContact, stop);

    /// <summary>Sets whom workflows write to at the operator.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<OperatorContact> SaveOperatorContact(OperatorContact contact, string? reason = null, CancellationToken stop = default) =>
        Put("/v1/settings/operator", contact, TopupJson.Default.OperatorContact, TopupJson.Default.OperatorContact, reason, stop);

    /// <summary>Every way to pay: which are offered, and what the others lack.</summary>
    public Task<PaymentMethodsView> ListPaymentMethods(CancellationToken stop = default) =>
        Get("/v1/payment-methods", TopupJson.Default.PaymentMethodsView, stop);

    /// <summary>Switches a method of payment on or off, and gives it its keys. What is left out stays; what is empty is forgotten.</summary>
    /// <param name="method">Such as <c>stripe</c>.</param>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<PaymentMethodView> SavePaymentMethod(
        string method, PaymentMethodRequest request, string? reason = null, CancellationToken stop = default) =>
        Put($"/v1/payment-methods/{Segment(method)}", request, TopupJson.Default.PaymentMethodRequest, TopupJson.Default.PaymentMethodView, reason, stop);

    /// <summary>Asks the provider whether it takes the key that is set; nothing is bought or changed there.</summary>
    public Task<PaymentMethodCheckView> CheckPaymentMethod(string method, CancellationToken stop = default) => Send(
        Message(HttpMethod.Post, $"/v1/payment-methods/{Segment(method)}/check", null, null, null), mayRepeat: true,
        TopupJson.Default.PaymentMethodCheckView, stop);
}
