using Shouldly;
using Topup.Domain.Automation;
using Xunit;

namespace Topup.Domain.Tests.Automation;

public sealed class DeliveryTests
{
    private static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Ten_attempts_are_made_over_a_little_more_than_three_days_with_waits_that_grow()
    {
        var (at, last) = (Now, TimeSpan.Zero);
        for (var tries = 1; tries < RetrySchedule.TriesMax; tries++)
        {
            var next = RetrySchedule.Next(tries, at, retryAfter: null, jitter: 0)!.Value;
            var wait = TimeSpan.FromMilliseconds(next.UnixMs - at.UnixMs);
            wait.ShouldBeGreaterThan(last);
            (at, last) = (next, wait);
        }

        RetrySchedule.TriesMax.ShouldBe(10);
        RetrySchedule.Next(RetrySchedule.TriesMax, at, TimeSpan.FromHours(1), jitter: 0).ShouldBeNull();
        TimeSpan.FromMilliseconds(at.UnixMs - Now.UnixMs).ShouldBeInRange(TimeSpan.FromDays(3), TimeSpan.FromDays(3.5));
    }

    [Fact]
    public void Jitter_makes_a_wait_up_to_a_tenth_longer()
    {
        Wait(2, null, 0).ShouldBe(TimeSpan.FromMinutes(5));
        Wait(2, null, 500).ShouldBe(TimeSpan.FromSeconds(315));
        Wait(2, null, RetrySchedule.JitterMax).ShouldBe(TimeSpan.FromSeconds(330));
    }

    [Theory]
    [InlineData(-60, 300)]
    [InlineData(0, 300)]
    [InlineData(299, 300)]
    [InlineData(301, 301)]
    [InlineData(86_400, 86_400)]
    [InlineData(86_401, 86_400)]
    [InlineData(int.MaxValue, 86_400)]
    public void A_receiver_may_ask_for_more_time_up_to_a_day_and_never_for_less(int askedSeconds, int seconds) =>
        Wait(2, TimeSpan.FromSeconds(askedSeconds), 0).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(200, true)]
    [InlineData(204, true)]
    [InlineData(299, true)]
    [InlineData(0, false)]
    [InlineData(101, false)]
    [InlineData(301, false)]
    [InlineData(307, false)]
    [InlineData(400, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    public void Only_a_status_of_200_to_299_is_a_success(int status, bool isDelivered) => new DeliveryAttempt(status).IsDelivered.ShouldBe(isDelivered);

    [Fact]
    public void A_success_ends_the_delivery_and_the_failing_of_its_endpoint() =>
        Delivery.After(new DeliveryAttempt(200), 3, failingSince: Now.Plus(-TimeSpan.FromDays(9)), Now, 0)
            .ShouldBe(new DeliveryVerdict(DeliveryStatus.Delivered, Instant.Never, Instant.Never, Now, DisableReason.None));

    [Fact]
    public void A_failure_is_tried_again_and_lets_the_endpoint_rest()
    {
        var first = Delivery.After(new DeliveryAttempt(500), 1, Instant.Never, Now, 0);
        first.ShouldBe(new DeliveryVerdict(DeliveryStatus.Waiting, Now.Plus(TimeSpan.FromSeconds(5)), Now, Now.Plus(Delivery.RestMin), DisableReason.None));
        var asked = Delivery.After(new DeliveryAttempt(503, TimeSpan.FromHours(1)), 1, first.FailingSince, Now.Plus(TimeSpan.FromSeconds(5)), 0);
        (asked.DueAt, asked.RestUntil, asked.FailingSince).ShouldBe((Now.Plus(TimeSpan.FromSeconds(3_605)), Now.Plus(TimeSpan.FromSeconds(3_605)), Now));
        Delivery.After(new DeliveryAttempt(0), RetrySchedule.TriesMax, Now, Now, 0).Status.ShouldBe(DeliveryStatus.Failed);
    }

    [Fact]
    public void Gone_and_five_days_of_failures_disable_the_endpoint()
    {
        var gone = Delivery.After(new DeliveryAttempt(410), 1, Instant.Never, Now, 0);
        (gone.Status, gone.Disable).ShouldBe((DeliveryStatus.Failed, DisableReason.Gone));

        var since = Now.Plus(-Delivery.FailingMax);
        Delivery.After(new DeliveryAttempt(500), 1, since, Now, 0).Disable.ShouldBe(DisableReason.Failing);
        Delivery.After(new DeliveryAttempt(500), 1, since.Plus(TimeSpan.FromMilliseconds(1)), Now, 0).Disable.ShouldBe(DisableReason.None);
    }

    private static TimeSpan Wait(int tries, TimeSpan? retryAfter, int jitter) =>
        TimeSpan.FromMilliseconds(RetrySchedule.Next(tries, Now, retryAfter, jitter)!.Value.UnixMs - Now.UnixMs);
}
