using System.Globalization;
using Shouldly;
using Topup.Domain.Ledger;
using Xunit;

namespace Topup.Domain.Tests.Ledger;

/// <summary>Caps and switches: whose they are, when they let through again, and what counts against them.</summary>
public sealed class LimitTests
{
    private static readonly TimeZoneInfo SaoPaulo = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo");
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly TimeZoneInfo Kolkata = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata");

    [Theory]
    [InlineData(LimitPeriod.Hour, "2026-03-11T02:30:00Z", "2026-03-11T02:00:00Z", "2026-03-11T03:00:00Z")]
    [InlineData(LimitPeriod.Day, "2026-03-11T02:30:00Z", "2026-03-10T03:00:00Z", "2026-03-11T03:00:00Z")]
    [InlineData(LimitPeriod.Week, "2026-03-11T02:30:00Z", "2026-03-09T03:00:00Z", "2026-03-16T03:00:00Z")]
    [InlineData(LimitPeriod.Week, "2026-03-09T02:30:00Z", "2026-03-02T03:00:00Z", "2026-03-09T03:00:00Z")]
    [InlineData(LimitPeriod.Month, "2026-03-01T02:30:00Z", "2026-02-01T03:00:00Z", "2026-03-01T03:00:00Z")]
    public void A_window_is_one_of_the_operators_calendar(LimitPeriod per, string now, string start, string end)
    {
        LimitWindow.StartOf(per, At(now), SaoPaulo).ShouldBe(At(start));
        LimitWindow.EndOf(per, At(start), SaoPaulo).ShouldBe(At(end));
    }

    [Fact]
    public void A_day_of_23_hours_and_a_zone_of_half_hours_have_their_windows_too()
    {
        LimitWindow.EndOf(LimitPeriod.Day, At("2026-03-28T23:00:00Z"), Berlin).ShouldBe(At("2026-03-29T22:00:00Z"));
        LimitWindow.StartOf(LimitPeriod.Hour, At("2026-03-10T10:15:00Z"), Kolkata).ShouldBe(At("2026-03-10T09:30:00Z"));
    }

    [Fact]
    public void A_cap_lets_its_amount_through_and_no_more_until_the_next_window()
    {
        var limits = Of(Uses("daily", 3));
        for (var i = 0; i < 3; i++)
        {
            limits.Forbidding("sms", Note.None, 1, At("2026-03-10T12:00:00Z")).ShouldBeNull();
            Use(limits, "2026-03-10T12:00:00Z");
        }
        var forbidding = limits.Forbidding("sms", Note.None, 1, At("2026-03-10T12:00:00Z")).ShouldNotBeNull();

        forbidding.EndsAt(TimeZoneInfo.Utc).ShouldBe(At("2026-03-11T00:00:00Z"));
        limits.Forbidding("sms", Note.None, 1, At("2026-03-11T00:00:00Z")).ShouldBeNull();
    }

    [Fact]
    public void A_clock_that_goes_back_does_not_empty_a_window()
    {
        var limits = Of(Uses("daily", 1));
        Use(limits, "2026-03-10T12:00:00Z");

        limits.Forbidding("sms", Note.None, 1, At("2026-03-09T12:00:00Z")).ShouldNotBeNull();
    }

    [Fact]
    public void A_cap_on_a_subject_leaves_other_subjects_alone_and_a_cap_on_the_tenant_counts_them_together()
    {
        var limits = Of(Uses("project", 1) with { Subject = "a" }, Uses("tenant", 2));
        Use(limits, "2026-03-10T12:00:00Z", subject: "a");

        limits.Forbidding("sms", Said("a"), 1, At("2026-03-10T12:00:00Z"))!.Code.ShouldBe("project");
        limits.Forbidding("sms", Said("b"), 1, At("2026-03-10T12:00:00Z")).ShouldBeNull();
        Use(limits, "2026-03-10T12:00:00Z", subject: "b");
        limits.Forbidding("sms", Said("b"), 1, At("2026-03-10T12:00:00Z"))!.Code.ShouldBe("tenant");
    }

    [Fact]
    public void What_is_switched_off_is_told_before_any_cap_and_the_cap_that_holds_longest_before_others()
    {
        var off = new Limit { Code = "z-off", Kind = LimitKind.Off, UsageType = "ai" };
        var limits = Of(Uses("a-day", 0), Uses("b-month", 0) with { Per = LimitPeriod.Month }, off);

        limits.Forbidding("sms", Said("") with { UsageType = "ai" }, 1, At("2026-03-10T12:00:00Z"))!.Code.ShouldBe("z-off");
        limits.Forbidding("sms", Note.None, 1, At("2026-03-10T12:00:00Z"))!.Code.ShouldBe("b-month");
    }

    [Fact]
    public void A_limit_that_has_ended_forbids_nothing()
    {
        var limits = Of(Uses("short", 0) with { Until = At("2026-03-10T12:00:00Z") });

        limits.Forbidding("sms", Note.None, 1, At("2026-03-10T11:59:59Z"))!.EndsAt(TimeZoneInfo.Utc).ShouldBe(At("2026-03-10T12:00:00Z"));
        limits.Forbidding("sms", Note.None, 1, At("2026-03-10T12:00:00Z")).ShouldBeNull();
    }

    [Fact]
    public void Credits_are_capped_by_their_units_and_uses_by_their_quantity()
    {
        var credits = Uses("credits", 10) with { Kind = LimitKind.Credits, Type = "sms" };
        Of(credits).Forbidding("sms", Note.None, 11, At("2026-03-10T12:00:00Z")).ShouldNotBeNull();
        Of(credits).Forbidding("email", Note.None, 11, At("2026-03-10T12:00:00Z")).ShouldBeNull();
        Of(Uses("uses", 10)).Forbidding("sms", Note.None with { Pricing = new Pricing(11, 1) }, 11, At("2026-03-10T12:00:00Z")).ShouldNotBeNull();
        Of(Uses("uses", 10)).Forbidding("sms", Note.None with { Pricing = new Pricing(10, 5) }, 50, At("2026-03-10T12:00:00Z")).ShouldBeNull();
    }

    [Fact]
    public void A_hold_counts_when_it_is_placed_and_what_ends_it_corrects_that()
    {
        var now = At("2026-03-10T12:00:00Z");
        var pool = Granted(100);
        var limit = Uses("credits", 60) with { Kind = LimitKind.Credits };
        Limit After(params Func<Pool, LedgerDecision>[] steps)
        {
            var limits = Of(limit);
            var current = pool;
            foreach (var step in steps)
            {
                var decision = step(current);
                foreach (var entry in decision.Entries)
                    limits.Count("sms", entry, decision.Pool.FindHold(entry.Related) is { } hold && entry.Kind != EntryKind.Hold ? Counted.Of(hold) : default);
                current = decision.Pool;
            }
            return limits.All[0];
        }
        LedgerDecision Place(Pool before) => Hold.Place(before, Open, 40, cap: false, now.Plus(TimeSpan.FromHours(1)), Note.None, now);
        LedgerDecision Capture(Pool before, long units) => Hold.Capture(before, Open, before.Holds[0].Id, units, Note.None, now);

        After(Place).Used.ShouldBe(40);
        After(Place, held => Capture(held, 10)).Used.ShouldBe(10);
        After(Place, held => Capture(held, 55)).Used.ShouldBe(55);
        After(Place, held => Hold.Release(held, Open, held.Holds[0].Id, Note.None, now)).Used.ShouldBe(0);
        After(Place, held => Settlement.Decide(held, Open, now.Plus(TimeSpan.FromHours(2)))).Used.ShouldBe(0);
    }

    [Fact]
    public void What_is_given_back_of_an_earlier_window_makes_no_room_in_this_one()
    {
        var limits = Of(Uses("daily", 5));
        var first = Use(limits, "2026-03-10T12:00:00Z");
        Use(limits, "2026-03-11T12:00:00Z");
        var reversal = first with { Kind = EntryKind.Reversal, At = At("2026-03-11T13:00:00Z") };
        limits.Count("sms", reversal, Counted.Of(first));

        limits.All[0].Used.ShouldBe(1);
    }

    [Fact]
    public void A_limit_that_is_used_up_is_told_once_for_each_window()
    {
        var limits = Of(Uses("daily", 2));
        Count("2026-03-10T12:00:00Z").ShouldBeEmpty();
        Count("2026-03-10T12:00:00Z").ShouldHaveSingleItem().Code.ShouldBe("daily");
        limits.Tell(limits.Forbidding("sms", Note.None, 1, At("2026-03-10T13:00:00Z"))!).ShouldBeFalse();
        Count("2026-03-11T12:00:00Z").ShouldBeEmpty();
        Count("2026-03-11T12:00:00Z").ShouldHaveSingleItem();

        IReadOnlyList<Limit> Count(string at) => limits.Count("sms", EntryOf(at, ""), default);
    }

    [Fact]
    public void A_limit_that_refuses_before_it_is_used_up_is_told_once_too()
    {
        var limits = Of(Uses("credits", 10) with { Kind = LimitKind.Credits });
        var now = At("2026-03-10T12:00:00Z");
        limits.Tell(limits.Forbidding("sms", Note.None, 11, now)!).ShouldBeTrue();
        limits.Tell(limits.Forbidding("sms", Note.None, 11, now)!).ShouldBeFalse();
    }

    [Fact]
    public void A_changed_cap_keeps_what_it_counted_and_one_that_counts_something_else_begins_anew()
    {
        var counted = Uses("daily", 5) with { Used = 4, WindowStart = At("2026-03-10T00:00:00Z") };

        (Uses("daily", 9).Continue(counted)).Used.ShouldBe(4);
        (Uses("daily", 9) with { Per = LimitPeriod.Week }).Continue(counted).Used.ShouldBe(0);
        (Uses("daily", 9) with { Subject = "a" }).Continue(counted).Used.ShouldBe(0);
    }

    private static readonly Terms Open = new() { Period = new(1, Instant.Always, Instant.Never), Limit = 0 };

    private static Pool Granted(long units) => Grant.Decide(
        Pool.Empty, Open, units, LotSource.Purchase, 50, Instant.Always, Instant.Never, Note.None, At("2026-03-01T00:00:00Z")).Pool;

    private static TenantLimits Of(params Limit[] limits) => new(limits, TimeZoneInfo.Utc);

    private static Limit Uses(string code, long amount) => new() { Code = code, Kind = LimitKind.Uses, Per = LimitPeriod.Day, Amount = amount };

    private static Note Said(string subject) => Note.None with { Subject = subject };

    private static Entry Use(TenantLimits limits, string at, string subject = "")
    {
        var entry = EntryOf(at, subject);
        limits.Count("sms", entry, default);
        return entry;
    }

    private static Entry EntryOf(string at, string subject) =>
        Consumption.Decide(Granted(100), Open, 1, cap: false, Said(subject), At(at)).Main!;

    private static Instant At(string text) => Instant.From(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture));
}
