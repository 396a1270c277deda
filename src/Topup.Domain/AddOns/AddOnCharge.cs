using System.Globalization;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;

namespace Topup.Domain.AddOns;

/// <summary>Charges an add-on from a day to the end of that day's cycle, from the pool as any use is: allowance first, then lots.</summary>
internal static class AddOnCharge
{
    public static long Of(AddOn addOn, Cycle cycle, DateOnly from) => Proration.Share(addOn.Price, cycle.DaysFrom(from), cycle.Days);

    /// <param name="from">The first day that is paid for.</param>
    /// <param name="note">Who asks; what is charged, and for which days, is added.</param>
    public static AddOnDecision Decide(TenantAddOn state, AddOn addOn, AddOnCase at, DateOnly from, AddOnNews news, Note note)
    {
        var cycle = Cycle.Of(from, at.Tenant.RenewalDay);
        var charge = Of(addOn, cycle, from);
        var ledger = Consumption.Decide(at.Pool, at.Terms, charge, cap: false,
            note with { UsageType = addOn.UsageType, Reference = Days(from, cycle.End) }, at.Now);
        if (!ledger.IsAllowed)
            return new AddOnDecision { AddOn = state, Ledger = ledger, Charge = charge, Obstacle = ledger.Refusal, Missing = ledger.Shortfall };
        return new AddOnDecision
        {
            AddOn = state with
            {
                Status = AddOnStatus.On,
                PaidFrom = from,
                PaidUntil = cycle.End,
                CycleDays = cycle.Days,
                Price = addOn.Price,
                Entry = ledger.Main!.Id,
                Used = charge + (state.UsedUntil == cycle.End ? state.Used : 0),
                UsedUntil = cycle.End,
                EnabledAt = state.IsWorking ? state.EnabledAt : at.Now,
                GraceUntil = default,
                Purchase = "",
            },
            Ledger = ledger,
            News = news,
            Charge = charge,
        };
    }

    /// <summary>An interval as ISO 8601 writes it, the end not included: by it two charges for the same days would show.</summary>
    private static string Days(DateOnly from, DateOnly until) => string.Create(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd}/{until:yyyy-MM-dd}");
}
