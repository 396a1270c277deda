using System.Globalization;
using System.Text;

namespace Topup.Server.Checkout.Providers.Stripe;

/// <summary>
/// Parameters as Stripe reads them, in a body or in an address: nested names in brackets, items of lists by their number,
/// such as <c>line_items[0][quantity]</c>. The same parameters are the same bytes, as a repeated key demands.
/// </summary>
internal sealed class StripeForm
{
    private readonly StringBuilder text = new();

    /// <summary>An empty value is left out: to Stripe it would unset the parameter.</summary>
    public StripeForm Add(string name, string value)
    {
        if (value.Length == 0) return this;
        if (text.Length > 0) text.Append('&');
        text.Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    public StripeForm Add(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    public StripeForm Add(string name, bool value) => Add(name, value ? "true" : "false");

    public override string ToString() => text.ToString();
}
