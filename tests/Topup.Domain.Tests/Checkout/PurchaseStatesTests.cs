using Shouldly;
using Topup.Domain.Checkout;
using Xunit;

namespace Topup.Domain.Tests.Checkout;

public sealed class PurchaseStatesTests
{
    private static readonly PurchaseStatus[] Statuses = Enum.GetValues<PurchaseStatus>();
    private static readonly PurchaseEvent[] Events = Enum.GetValues<PurchaseEvent>();

    public static TheoryData<PurchaseStatus, PurchaseEvent, PurchaseStatus> Answers()
    {
        // One line a status; one letter an event, in the order of the enum; the letters are those of the statuses below.
        const string letters = "CPp$+FEX?rR!WL";
        (PurchaseStatus Status, string Next)[] table =
        [
            (PurchaseStatus.Created, "Pp$?FEXCCRCCCC"),
            (PurchaseStatus.Pending, "Pp$?FEXPPRPPPP"),
            (PurchaseStatus.Processing, "pp$?FEXppRpppp"),
            (PurchaseStatus.Paid, "$$$$$$$+rR$!WL"),
            (PurchaseStatus.Credited, "++++++++rR+!WL"),
            (PurchaseStatus.Failed, "Fp$?FFFFFRFFFF"),
            (PurchaseStatus.Expired, "Ep$?EEEEEREEEE"),
            (PurchaseStatus.Canceled, "Xp$?XXXXXRXXXX"),
            (PurchaseStatus.NeedsReview, "??$??????R????"),
            (PurchaseStatus.PartlyRefunded, "rrrrrrrrrR+!WL"),
            (PurchaseStatus.Refunded, "RR$RRRRRrR+!WL"),
            (PurchaseStatus.Disputed, "!!!!!!!!rR+!WL"),
            (PurchaseStatus.DisputeWon, "WWWWWWWWrR+!WL"),
            (PurchaseStatus.DisputeLost, "LLLLLLLLrR+!WL"),
        ];
        var answers = new TheoryData<PurchaseStatus, PurchaseEvent, PurchaseStatus>();
        foreach (var (status, next) in table)
            foreach (var news in Events) answers.Add(status, news, Statuses[letters.IndexOf(next[(int)news], StringComparison.Ordinal)]);
        return answers;
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void Every_status_has_its_answer_to_every_event(PurchaseStatus status, PurchaseEvent news, PurchaseStatus next) =>
        PurchaseStates.Next(status, news).ShouldBe(next);

    [Fact]
    public void The_table_leaves_nothing_out() => Answers().Count.ShouldBe(Statuses.Length * Events.Length);

    [Fact]
    public void Money_that_was_taken_is_never_forgotten()
    {
        foreach (var status in Statuses.Where(PurchaseStates.IsPaid))
            foreach (var news in Events) PurchaseStates.IsPaid(PurchaseStates.Next(status, news)).ShouldBeTrue($"{status} {news}");
    }

    [Fact]
    public void A_payment_counts_however_late_it_comes()
    {
        foreach (var status in Statuses.Where(status => !PurchaseStates.IsPaid(status)))
            PurchaseStates.Next(status, PurchaseEvent.PaymentTaken).ShouldBe(PurchaseStatus.Paid);
        PurchaseStates.Next(PurchaseStatus.Refunded, PurchaseEvent.PaymentTaken).ShouldBe(PurchaseStatus.Paid);
    }

    [Fact]
    public void The_same_news_twice_is_news_once()
    {
        foreach (var status in Statuses)
        {
            foreach (var news in Events)
            {
                var once = PurchaseStates.Next(status, news);
                PurchaseStates.Next(once, news).ShouldBe(once, $"{status} {news}");
            }
        }
    }

    [Fact]
    public void A_purchase_is_asked_after_while_its_money_may_come()
    {
        Statuses.Where(PurchaseStates.IsOpen).ShouldBe([PurchaseStatus.Created, PurchaseStatus.Pending, PurchaseStatus.Processing, PurchaseStatus.Paid]);
        Statuses.Where(PurchaseStates.IsPaid).ShouldBe([PurchaseStatus.Paid, PurchaseStatus.Credited, PurchaseStatus.PartlyRefunded,
            PurchaseStatus.Refunded, PurchaseStatus.Disputed, PurchaseStatus.DisputeWon, PurchaseStatus.DisputeLost]);
    }
}
