using Shouldly;
using Topup.Domain.Automation;
using Topup.Domain.Ledger;
using Xunit;

namespace Topup.Domain.Tests.Automation;

public sealed class WorkflowTests
{
    private static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private static readonly WorkflowOccasion Occasion = new()
    {
        Tenant = "acme", Plan = "pro", Type = "sms", Channel = "sms", Amount = 500, Threshold = new LowMark(20, 0),
    };

    private static readonly WorkflowOccasion Sale = new() { Tenant = "acme", Type = "sms", Currency = "EUR", Amount = 2_500 };

    public static TheoryData<WorkflowConditions, WorkflowOccasion, bool> Cases => new()
    {
        { WorkflowConditions.None, Occasion, true },
        { WorkflowConditions.None, new WorkflowOccasion { Tenant = "" }, true },
        { new() { Tenant = "acme", Plan = "pro", Type = "sms", Channel = "sms" }, Occasion, true },
        { new() { Tenant = "other" }, Occasion, false },
        { new() { Plan = "free" }, Occasion, false },
        { new() { Plan = "free" }, Sale, false },
        { new() { Type = "email" }, Occasion, false },
        { new() { Channel = "email" }, Occasion, false },
        { new() { Channel = "sms" }, Sale, false },
        { new() { Type = "sms", AmountMin = 500, AmountMax = 500 }, Occasion, true },
        { new() { Type = "sms", AmountMin = 501 }, Occasion, false },
        { new() { Type = "sms", AmountMax = 499 }, Occasion, false },
        { new() { Type = "sms", AmountMin = 0 }, Occasion with { Amount = null }, false },
        { new() { Type = "sms", AmountMax = 499 }, Occasion with { Amount = null }, false },
        { new() { Currency = "EUR", AmountMin = 2_500 }, Sale, true },
        { new() { Currency = "USD", AmountMin = 1 }, Sale, false },
        { new() { Currency = "EUR" }, Occasion, false },
        { new() { PercentMax = 20 }, Occasion, true },
        { new() { PercentMax = 20 }, Occasion with { Threshold = new LowMark(10, 0) }, true },
        { new() { PercentMax = 19 }, Occasion, false },
        { new() { PercentMax = 20 }, Occasion with { Threshold = null }, false },
        { new() { PercentMax = 20 }, Occasion with { Threshold = new LowMark(0, 5) }, false },
        { new() { Type = "sms", MarkMax = 100 }, Occasion with { Threshold = new LowMark(0, 100) }, true },
        { new() { Type = "sms", MarkMax = 99 }, Occasion with { Threshold = new LowMark(0, 100) }, false },
        { new() { Type = "sms", MarkMax = 100 }, Occasion, false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_condition_that_is_given_must_hold(WorkflowConditions conditions, WorkflowOccasion occasion, bool holds) =>
        conditions.Matches(occasion).ShouldBe(holds);

    [Fact]
    public void An_action_is_tried_ten_times_over_about_a_day_with_waits_that_grow()
    {
        var (at, last) = (Now, TimeSpan.Zero);
        for (var tries = 1; tries < WorkflowRun.TriesMax; tries++)
        {
            var verdict = WorkflowRun.After(ActionOutcome.Later, 1, 3, tries, at, null, 0);
            (verdict.Action, verdict.Run, verdict.Next).ShouldBe((ActionStatus.Waiting, RunStatus.Waiting, 1));
            var wait = TimeSpan.FromMilliseconds(verdict.DueAt.UnixMs - at.UnixMs);
            wait.ShouldBeGreaterThan(last);
            (at, last) = (verdict.DueAt, wait);
        }
        WorkflowRun.TriesMax.ShouldBe(10);
        TimeSpan.FromMilliseconds(at.UnixMs - Now.UnixMs).ShouldBeInRange(TimeSpan.FromHours(22), TimeSpan.FromHours(26));
        WorkflowRun.After(ActionOutcome.Later, 1, 3, WorkflowRun.TriesMax, at, null, 0).ShouldBe(new RunVerdict(ActionStatus.Failed, RunStatus.Failed, 1, Instant.Never));
    }

    [Theory]
    [InlineData(0, null, 10_000)]
    [InlineData(WorkflowRun.JitterMax, null, 11_000)]
    [InlineData(0, -5, 10_000)]
    [InlineData(0, 60, 60_000)]
    [InlineData(0, 1_000_000, 43_200_000)]
    public void A_wait_is_a_little_longer_by_chance_and_as_long_as_the_receiver_asks_within_bounds(int jitter, int? asked, int milliseconds) =>
        WorkflowRun.After(ActionOutcome.Later, 0, 1, 1, Now, asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null, jitter)
            .DueAt.ShouldBe(Now.Plus(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData(ActionOutcome.Done, ActionStatus.Done)]
    [InlineData(ActionOutcome.Skipped, ActionStatus.Skipped)]
    public void The_next_action_is_begun_at_once_and_the_last_ends_the_run(ActionOutcome outcome, ActionStatus status)
    {
        WorkflowRun.After(outcome, 0, 2, 3, Now, null, 0).ShouldBe(new RunVerdict(status, RunStatus.Waiting, 1, Now));
        WorkflowRun.After(outcome, 1, 2, 1, Now, null, 0).ShouldBe(new RunVerdict(status, RunStatus.Done, 2, Instant.Never));
    }

    [Fact]
    public void What_is_refused_ends_the_run_at_its_first_try() =>
        WorkflowRun.After(ActionOutcome.Refused, 0, 2, 1, Now, null, 0).ShouldBe(new RunVerdict(ActionStatus.Failed, RunStatus.Failed, 0, Instant.Never));

    [Fact]
    public void The_predecessors_four_events_are_there_by_name()
    {
        (string Name, string Event, string? Channel)[] four =
        [
            ("topup.purchased", "credits.purchased", null), ("sms.exhausted", "credits.exhausted", "sms"), ("whatsapp.exhausted", "credits.exhausted", "whatsapp"),
            ("email.exhausted", "credits.exhausted", "email"),
        ];
        foreach (var (name, @event, channel) in four) (WorkflowEvents.Find(name)!.Event, WorkflowEvents.Find(name)!.Channel).ShouldBe((@event, channel));
        foreach (var code in new[] { "topup_plan_name", "topup_plan_type", "topup_credits", "topup_price", "topup_payment_method" })
            WorkflowEvents.Find("topup.purchased")!.Has(code).ShouldBeTrue(code);
        WorkflowEvents.Find("topup.sold").ShouldBeNull();
    }

    [Fact]
    public void Names_are_single_and_every_shortcode_is_one_that_a_text_can_name()
    {
        WorkflowEvents.All.Select(known => known.Name).ShouldBeUnique();
        foreach (var known in WorkflowEvents.All)
        {
            known.Shortcodes.Select(code => code.Name).ShouldBeUnique();
            foreach (var code in known.Shortcodes)
            {
                Topup.Domain.Templates.Template.Of($"{{{code.Name}}}").Names.ShouldBe([code.Name]);
                code.Example.ShouldNotBeEmpty();
            }
            known.Has("tenant_name").ShouldBe(known.IsOfTenant, known.Name);
        }
    }
}
