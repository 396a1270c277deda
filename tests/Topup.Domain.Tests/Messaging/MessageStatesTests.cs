using Shouldly;
using Topup.Domain.Messaging;
using Xunit;

namespace Topup.Domain.Tests.Messaging;

public sealed class MessageStatesTests
{
    private static readonly Instant Now = new(1_800_000_000_000);

    private static readonly Message Queued = new() { Channel = "sms", CreatedAt = Now, ChangedAt = Now, DueAt = Now };

    private static readonly Message Sending = MessageStates.Due(Queued, "d", isHeld: true, Now)!.Message;

    private static readonly Message Unknown = MessageStates.Take(Sending, SendResult.Unknown("timeout"), Now)!.Message;

    [Fact]
    public void A_queued_message_is_handed_to_one_driver_for_the_time_of_a_lease()
    {
        (Sending.Status, Sending.Driver, Sending.Attempts, Sending.DueAt).ShouldBe((MessageStatus.Sending, "d", 1, Now.Plus(SendSchedule.Lease)));
        MessageStates.Due(Sending, "d", isHeld: true, Now).ShouldBeNull();
    }

    [Fact]
    public void One_whose_credits_were_let_go_is_not_sent() =>
        MessageStates.Due(Queued, "d", isHeld: false, Now)!.Message.ShouldSatisfyAllConditions(
            message => message.Status.ShouldBe(MessageStatus.Failed), message => message.Reason.ShouldBe(MessageStates.HoldClosed));

    [Fact]
    public void One_that_nobody_came_back_for_is_unknown_and_is_never_sent_again_by_itself()
    {
        var lost = MessageStates.Due(Sending, "d", isHeld: true, Now.Plus(SendSchedule.Lease))!;
        (lost.Message.Status, lost.Message.Reason, lost.Credits).ShouldBe((MessageStatus.Unknown, MessageStates.Interrupted, CreditsEnd.None));

        MessageStates.Due(lost.Message, "d", isHeld: true, Now.Plus(SendSchedule.UnknownMax).Plus(TimeSpan.FromMilliseconds(-1))).ShouldBeNull();
        var over = MessageStates.Due(lost.Message, "d", isHeld: true, Now.Plus(SendSchedule.UnknownMax))!;
        (over.Message.Status, over.Message.Reason, over.Credits).ShouldBe((MessageStatus.Failed, MessageStates.NeverKnown, CreditsEnd.Release));
    }

    [Fact]
    public void Credits_are_spent_when_it_is_taken_over_and_given_back_when_it_is_not()
    {
        MessageStates.Take(Sending, SendResult.Accepted("p", 3), Now).ShouldBe(new MessageStep(
            Sending with { Status = MessageStatus.Sent, ProviderId = "p", DueAt = Instant.Never }, CreditsEnd.Capture, 3));
        MessageStates.Take(Sending, SendResult.Refused("no"), Now)!.Credits.ShouldBe(CreditsEnd.Release);
        MessageStates.Take(Sending, SendResult.Unknown("timeout"), Now)!.Credits.ShouldBe(CreditsEnd.None);
    }

    [Fact]
    public void What_was_certainly_not_sent_is_tried_again_after_1_5_15_and_60_minutes_until_a_day_is_over()
    {
        var (message, at) = (Queued, Now);
        var waits = new List<int>();
        while (true)
        {
            message = MessageStates.Due(message, "d", isHeld: true, at)!.Message;
            var step = MessageStates.Take(message, SendResult.Later("busy"), at)!;
            message = step.Message;
            if (message.Status == MessageStatus.Failed)
            {
                (message.Reason, step.Credits).ShouldBe(("busy", CreditsEnd.Release));
                break;
            }
            waits.Add((int)((message.DueAt.UnixMs - at.UnixMs) / 60_000));
            at = message.DueAt;
        }
        waits.Take(5).ShouldBe([1, 5, 15, 60, 60]);
        (at < Now.Plus(SendSchedule.GiveUpAfter)).ShouldBeTrue();
    }

    [Fact]
    public void A_provider_that_wants_more_time_gets_it() =>
        MessageStates.Take(Sending, SendResult.Later("busy", TimeSpan.FromHours(2)), Now)!.Message.DueAt.ShouldBe(Now.Plus(TimeSpan.FromHours(2)));

    [Fact]
    public void An_answer_that_comes_after_the_lease_still_counts_and_one_that_says_nothing_new_changes_nothing()
    {
        MessageStates.Take(Unknown, SendResult.Accepted("p"), Now)!.Credits.ShouldBe(CreditsEnd.Capture);
        MessageStates.Take(Unknown, SendResult.Later("busy"), Now)!.Message.Status.ShouldBe(MessageStatus.Failed);
        MessageStates.Take(Unknown, SendResult.Unknown("timeout"), Now).ShouldBeNull();
    }

    [Fact]
    public void A_status_moves_forward_only_and_credits_end_once()
    {
        foreach (var before in Enum.GetValues<MessageStatus>())
        {
            foreach (var news in Enum.GetValues<LaterNews>())
            {
                var step = MessageStates.Hear(Queued with { Status = before }, news, "r", null, Now);
                if (step is null) continue;
                var isOpen = before is MessageStatus.Sending or MessageStatus.Unknown;
                (step.Message.Status > before).ShouldBeTrue($"{before} {news}");
                (step.Credits != CreditsEnd.None).ShouldBe(isOpen, $"{before} {news}");
            }
            foreach (var result in new[] { SendResult.Accepted("p"), SendResult.Refused("r"), SendResult.Later("r"), SendResult.Unknown("r") })
                if (before is not (MessageStatus.Sending or MessageStatus.Unknown))
                    MessageStates.Take(Queued with { Status = before }, result, Now).ShouldBeNull($"{before} {result.Outcome}");
        }
    }

    [Fact]
    public void That_the_provider_has_it_ends_an_unknown_outcome_and_is_no_news_while_its_driver_has_it()
    {
        MessageStates.Hear(Sending, LaterNews.Accepted, "", null, Now, "p").ShouldBeNull();
        var known = MessageStates.Hear(Unknown, LaterNews.Accepted, "", 2, Now, "p")!;
        (known.Message.Status, known.Message.ProviderId, known.Credits, known.Segments).ShouldBe((MessageStatus.Sent, "p", CreditsEnd.Capture, 2));
    }

    [Fact]
    public void One_that_failed_after_it_was_taken_over_was_sent_in_vain_and_stays_paid()
    {
        var sent = MessageStates.Take(Sending, SendResult.Accepted("p"), Now)!.Message;
        var failed = MessageStates.Hear(sent, LaterNews.NotSent, "twilio_30001", null, Now, "other")!;
        (failed.Message.Status, failed.Message.ProviderId, failed.Credits).ShouldBe((MessageStatus.Undelivered, "p", CreditsEnd.None));
        MessageStates.Hear(Unknown, LaterNews.NotSent, "twilio_30001", null, Now)!.Credits.ShouldBe(CreditsEnd.Release);
    }
}
