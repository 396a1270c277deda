using Topup.Domain.Checkout;

namespace Topup.Server.Web.Portal;

/// <summary>Ways to pay as buyers call them.</summary>
internal static class MethodWords
{
    public static string Of(Locale l, string method) => method switch
    {
        PaymentMethod.Balance => l.Words("Your balance"),
        PaymentMethod.Stripe => l.Words("Card or other ways, by Stripe"),
        PaymentMethod.MercadoPago => "Mercado Pago",
        PaymentMethod.Sandbox => l.Words("Sandbox: no money is moved"),
        _ => method,
    };
}
