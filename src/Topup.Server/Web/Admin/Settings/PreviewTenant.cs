using Topup.Contracts;
using Topup.Server.Web.Portal.Credits;

namespace Topup.Server.Web.Admin.Settings;

/// <summary>A tenant that there is not, for previews.</summary>
internal static class PreviewTenant
{
    private const decimal Monthly = 2_000;
    private const decimal Left = 1_240;
    private const decimal Bought = 500;
    private const int DaysLeft = 9;

    public static CreditCard Card(HttpContext context)
    {
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var remaining = new Remaining { Allowance = Left, Purchased = Bought, Held = 0, Debt = 0, Total = Left + Bought, Unlimited = false, ResetsAt = now.AddDays(DaysLeft) };
        return new CreditCard
        {
            Pool = new PoolView
            {
                Type = "preview", Name = "SMS", Unit = "message", Status = "ok", Remaining = remaining, Lots = [],
                Allowance = new AllowanceView
                {
                    Limit = Monthly, RolledOver = 0, Used = Monthly - Left, Held = 0, Left = Left, PeriodStart = now.AddDays(DaysLeft).AddMonths(-1), ResetsAt = now.AddDays(DaysLeft),
                },
            },
            Forecast = new ForecastView
            {
                Type = "preview", Name = "SMS", Unit = "message", DaysOfData = 0, BurnRate7 = null, BurnRate30 = null, Weekdays = null, RunsOut = null, ExceedsAllowanceOn = null,
            },
            IsOffered = true,
        };
    }
}
