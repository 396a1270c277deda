using Shouldly;
using Topup.Domain.Checkout;
using Xunit;

namespace Topup.Domain.Tests.Checkout;

public sealed class CheckScheduleTests
{
    private static readonly Instant Made = Instant.From(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(29, 1)]
    [InlineData(30, 10)]
    [InlineData(41, 10)]
    [InlineData(42, 60)]
    [InlineData(59, 60)]
    [InlineData(60, 360)]
    [InlineData(int.MaxValue, 360)]
    public void Minutes_at_first_then_less_and_less_often(int checks, int minutes) =>
        CheckSchedule.Next(PurchaseStatus.Pending, Made, checks, Made).ShouldBe(Made.Plus(TimeSpan.FromMinutes(minutes)));

    [Theory]
    [InlineData(PurchaseStatus.Created, 400, true)]
    [InlineData(PurchaseStatus.Pending, 400, true)]
    [InlineData(PurchaseStatus.Paid, 400, true)]
    [InlineData(PurchaseStatus.NeedsReview, 400, true)]
    [InlineData(PurchaseStatus.Disputed, 400, true)]
    [InlineData(PurchaseStatus.Processing, 44, true)]
    [InlineData(PurchaseStatus.Processing, 45, false)]
    [InlineData(PurchaseStatus.Failed, 3, true)]
    [InlineData(PurchaseStatus.Failed, 4, false)]
    [InlineData(PurchaseStatus.Expired, 3, true)]
    [InlineData(PurchaseStatus.Expired, 4, false)]
    [InlineData(PurchaseStatus.Canceled, 3, true)]
    [InlineData(PurchaseStatus.Canceled, 4, false)]
    [InlineData(PurchaseStatus.PartlyRefunded, 44, true)]
    [InlineData(PurchaseStatus.PartlyRefunded, 45, false)]
    [InlineData(PurchaseStatus.Refunded, 44, true)]
    [InlineData(PurchaseStatus.Refunded, 45, false)]
    [InlineData(PurchaseStatus.Credited, 0, false)]
    [InlineData(PurchaseStatus.DisputeWon, 0, false)]
    [InlineData(PurchaseStatus.DisputeLost, 0, false)]
    public void Each_status_is_asked_after_for_as_long_as_it_may_change(PurchaseStatus status, int days, bool expected)
    {
        var now = Made.Plus(TimeSpan.FromDays(days));
        var next = CheckSchedule.Next(status, Made, 0, now);
        (next != Instant.Never).ShouldBe(expected);
        next.ShouldBeGreaterThan(now);
    }

    /// <summary>With every notification lost, an expired purchase is still looked at until its late payment is due.</summary>
    [Fact]
    public void A_purchase_is_looked_at_a_bounded_number_of_times()
    {
        var (now, checks) = (Made, 0);
        while (CheckSchedule.Next(PurchaseStatus.Expired, Made, checks, now) is var next && next != Instant.Never) (now, checks) = (next, checks + 1);
        now.ShouldBeGreaterThanOrEqualTo(Made.Plus(CheckSchedule.LatePayment));
        checks.ShouldBeInRange(60, 100);
    }
}
