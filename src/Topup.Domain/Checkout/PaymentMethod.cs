using System.Collections.Immutable;

namespace Topup.Domain.Checkout;

/// <summary>The ways to pay, by their names on the wire.</summary>
public static class PaymentMethod
{
    /// <summary>The tenant's own money, held by Topup.</summary>
    public const string Balance = "balance";
    public const string Stripe = "stripe";
    public const string MercadoPago = "mercadopago";

    /// <summary>Pays with no money, to try a checkout; only where the operator's server was started for it.</summary>
    public const string Sandbox = "sandbox";

    /// <summary>All of them, in the order in which they are offered.</summary>
    public static readonly ImmutableArray<string> All = [Balance, Stripe, MercadoPago, Sandbox];
}
