using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Topup.Domain;
using Topup.Domain.Ledger;
using Topup.Server.Ledger;
using Topup.Testing;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P7: the month turns exactly once, whatever the clock does. Tenants of every renewal day, in zones whose clocks change,
/// some of them at midnight, live through ten years in jumps of up to 40 days in either direction. What is left of the
/// allowance must be what the plain calendar says after every single use.
/// </summary>
internal sealed class P07MonthTurns : Proof
{
    private const int Years = 10;
    private const int Limit = 10_000;
    private const int JumpMinutesMax = 40 * 24 * 60;

    private static readonly string[] Zones =
        ["UTC", "America/Sao_Paulo", "America/Asuncion", "Africa/Cairo", "Asia/Beirut", "America/Havana", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"];

    public override string Name => "P7";

    public override string Promise => "Each period's allowance is granted once, on any renewal day, in any time zone, and a clock that jumps back grants nothing.";

    public override async Task Run(Trial trial)
    {
        foreach (var zone in Zones) await Run(trial, TimeZoneInfo.FindSystemTimeZoneById(zone));
    }

    private static async Task Run(Trial trial, TimeZoneInfo zone)
    {
        await using var host = await TestHost.Start(DatabaseKind.Sqlite, [.. Differential.Settings, "--Topup:TimeZone=" + zone.Id]);
        var lanes = host.Services.GetRequiredService<LedgerLanes>();
        var type = await host.NewType();
        var plan = await host.NewPlan((type, Limit));
        var end = TestHost.Beginning.AddDays(Math.Max(120, trial.Of(Years * 365)));
        var calendars = new List<Calendar>();
        for (var day = 1; day <= 31; day++) calendars.Add(new Calendar(await host.NewTenant(plan, day), day, zone, end.AddDays(90)));

        var number = 0;
        while (host.Clock.GetUtcNow() < end)
        {
            var back = trial.Random.Next(4) == 0;
            var jump = TimeSpan.FromMinutes(trial.Random.Next(1, JumpMinutesMax) * (back ? -1 : 1));
            if (host.Clock.GetUtcNow() + jump <= TestHost.Beginning) continue;
            // Now and then exactly at a turn of some tenant, or a millisecond before it.
            var target = trial.Random.Next(4) == 0
                ? calendars[trial.Random.Next(calendars.Count)].TurnAfter(host.Clock.GetUtcNow() + jump).AddMilliseconds(-trial.Random.Next(2))
                : host.Clock.GetUtcNow() + jump;
            host.Clock.Set(target);
            trial.Fault(back ? "clock jumps back" : "clock jumps forward");
            var uses = calendars.Select(async calendar => (calendar, outcome: await lanes.Submit(new ConsumeCredits.Request(calendar.Tenant, new UseAsked(type, 1), caps: false,
                new Note(string.Create(CultureInfo.InvariantCulture, $"k{number}"), 1, "proof")))!)).ToArray();
            foreach (var (calendar, outcome) in await Task.WhenAll(uses)) calendar.Check(outcome, target);
            trial.Ran("uses", calendars.Count);
            number++;
        }
        trial.Ran("tenants", calendars.Count);
        trial.Ran("periods turned", calendars.Sum(calendar => calendar.Turns));
    }

    /// <summary>The turns of one tenant's months, found by looking at the wall clock every quarter of an hour, and what must be left in each.</summary>
    private sealed class Calendar
    {
        private readonly List<DateTimeOffset> turns = [];
        private int current = -1;
        private int used;

        public Calendar(string tenant, int day, TimeZoneInfo zone, DateTimeOffset end)
        {
            Tenant = tenant;
            var month = new DateTime(TestHost.Beginning.Year, TestHost.Beginning.Month, 1).AddMonths(-1);
            for (; month < end.UtcDateTime; month = month.AddMonths(1))
            {
                var date = month.AddDays(Math.Min(day, DateTime.DaysInMonth(month.Year, month.Month)) - 1);
                var moment = new DateTimeOffset(date, TimeSpan.Zero).AddHours(-26);
                while (TimeZoneInfo.ConvertTime(moment, zone).DateTime < date) moment = moment.AddMinutes(15);
                turns.Add(moment);
            }
        }

        public string Tenant { get; }

        public int Turns { get; private set; }

        public DateTimeOffset TurnAfter(DateTimeOffset now) => turns.Find(turn => turn > now);

        public void Check(LedgerOutcome outcome, DateTimeOffset now)
        {
            var month = turns.FindLastIndex(turn => turn <= now);
            if (month > current)
            {
                if (current >= 0) Turns++;
                (current, used) = (month, 0);
            }
            used++;
            BrokenPromiseException.Unless(outcome.Main is { } main && main.After.Allowance == Limit - used && main.ResetsAt == Instant.From(turns[current + 1]),
                $"{Tenant} at {now:O}: {Limit - used} should be left until {turns[current + 1]:O}, and the answer was {outcome}");
        }
    }
}
