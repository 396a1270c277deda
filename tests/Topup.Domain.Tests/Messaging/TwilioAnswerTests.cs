using Shouldly;
using Topup.Domain.Messaging;
using Xunit;

namespace Topup.Domain.Tests.Messaging;

public sealed class TwilioAnswerTests
{
    [Theory]
    // Recipients: the mistyped are refused, only those that opted out are remembered.
    [InlineData(400, 21211, SendOutcome.Refused, SuppressionCause.None)]
    [InlineData(400, 21614, SendOutcome.Refused, SuppressionCause.None)]
    [InlineData(400, 21612, SendOutcome.Refused, SuppressionCause.None)]
    [InlineData(400, 21610, SendOutcome.Refused, SuppressionCause.OptedOut)]
    [InlineData(400, 30005, SendOutcome.Refused, SuppressionCause.Bounced)]
    // What the operator has to mend.
    [InlineData(400, 21606, SendOutcome.Refused, SuppressionCause.None)]
    [InlineData(400, 21408, SendOutcome.Refused, SuppressionCause.None)]
    [InlineData(400, 21617, SendOutcome.Refused, SuppressionCause.None)]
    [InlineData(400, 63016, SendOutcome.Refused, SuppressionCause.None)]
    [InlineData(404, 20404, SendOutcome.Refused, SuppressionCause.None)]
    [InlineData(403, 0, SendOutcome.Refused, SuppressionCause.None)]
    [InlineData(302, 0, SendOutcome.Refused, SuppressionCause.None)]
    // Not now.
    [InlineData(401, 20003, SendOutcome.Later, SuppressionCause.None)]
    [InlineData(429, 20429, SendOutcome.Later, SuppressionCause.None)]
    [InlineData(429, 0, SendOutcome.Later, SuppressionCause.None)]
    [InlineData(400, 21611, SendOutcome.Later, SuppressionCause.None)]
    [InlineData(400, 63018, SendOutcome.Later, SuppressionCause.None)]
    [InlineData(503, 20503, SendOutcome.Later, SuppressionCause.None)]
    // It may have been taken over.
    [InlineData(500, 20500, SendOutcome.Unknown, SuppressionCause.None)]
    [InlineData(502, 0, SendOutcome.Unknown, SuppressionCause.None)]
    [InlineData(504, 0, SendOutcome.Unknown, SuppressionCause.None)]
    public void A_refusal_means_what_its_code_says(int status, int code, SendOutcome outcome, SuppressionCause suppress)
    {
        var result = TwilioAnswer.Refusal(status, code, null);
        (result.Outcome, result.Suppress, result.Reason).ShouldBe((outcome, suppress, code > 0 ? $"twilio_{code}" : $"http_{status}"));
    }

    [Fact]
    public void A_pause_that_is_asked_for_is_kept_and_a_days_limit_is_waited_for_within_the_messages_time()
    {
        TwilioAnswer.Refusal(429, 20429, TimeSpan.FromMinutes(7)).After.ShouldBe(TimeSpan.FromMinutes(7));
        TwilioAnswer.Refusal(400, 63038, null).After!.Value.ShouldBeInRange(TimeSpan.FromHours(1), SendSchedule.GiveUpAfter / 2);
    }

    [Theory]
    [InlineData("accepted", LaterNews.Accepted)]
    [InlineData("queued", LaterNews.Accepted)]
    [InlineData("sending", LaterNews.Accepted)]
    [InlineData("scheduled", LaterNews.Accepted)]
    [InlineData("sent", LaterNews.Sent)]
    [InlineData("delivered", LaterNews.Delivered)]
    [InlineData("read", LaterNews.Delivered)]
    [InlineData("undelivered", LaterNews.Undelivered)]
    [InlineData("failed", LaterNews.NotSent)]
    [InlineData("canceled", LaterNews.NotSent)]
    [InlineData("received", null)]
    [InlineData("", null)]
    public void A_status_that_is_told_later_is_news_of_one_kind(string status, LaterNews? news) => TwilioAnswer.NewsOf(status).ShouldBe(news);
}
