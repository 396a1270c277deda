using System.Diagnostics.Metrics;

namespace Topup.Server.Checkout;

/// <summary>Figures of payments, under the meter <c>Topup.Checkout</c>. They carry no tenant and no person.</summary>
internal sealed class CheckoutMetrics : IDisposable
{
    public const string MeterName = "Topup.Checkout";

    private readonly Meter meter = new(MeterName);
    private long behindMs;
    private long orphans;

    public CheckoutMetrics()
    {
        meter.CreateObservableGauge("topup.checkout.behind", () => Interlocked.Read(ref behindMs) / 1000d, "s", "How long the purchase that waits longest should have been checked with its provider");
        meter.CreateObservableGauge("topup.checkout.orphans", () => Interlocked.Read(ref orphans), "{difference}", "Differences between providers and purchases that the last reconciliation has left");
    }

    /// <summary>How long the purchase that waits longest should have been checked.</summary>
    public TimeSpan Behind
    {
        set => Interlocked.Exchange(ref behindMs, (long)value.TotalMilliseconds);
    }

    /// <summary>Differences that the last reconciliation has left.</summary>
    public long Orphans
    {
        set => Interlocked.Exchange(ref orphans, value);
    }

    public void Dispose() => meter.Dispose();
}
