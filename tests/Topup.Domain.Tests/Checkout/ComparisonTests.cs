using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Topup.Domain.Checkout;
using Xunit;
using static Topup.Domain.Tests.Checkout.PurchaseUnderTest;

namespace Topup.Domain.Tests.Checkout;

public sealed class ComparisonTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_purchase_that_says_what_the_list_says_matches()
    {
        var purchase = Settled(Payment(refunded: 2_50));
        var result = Comparison.Of([Listed(Payment(refunded: 2_50))], [purchase]);
        (result.Matched, result.Foreign).ShouldBe((1, 0));
        result.Findings.ShouldBeEmpty();
    }

    [Fact]
    public void Money_for_an_order_that_was_not_settled_is_found_whatever_the_status()
    {
        foreach (var status in Enum.GetValues<PurchaseStatus>().Where(status => !PurchaseStates.IsPaid(status)))
        {
            Kind(Fresh with { Status = status }, Payment()).ShouldBe(FindingKind.PaidNotCredited, status.ToString());
            Kind(Fresh with { Status = status }, Payment("a", 4_00), Payment("b", 6_00)).ShouldBe(FindingKind.PaidNotCredited, status.ToString());
        }
        Kind(Fresh, Payment(refunded: Price)).ShouldBeNull("all of it went back");
        Kind(Settled(Payment()) with { Lot = 0 }, Payment()).ShouldBe(FindingKind.PaidNotCredited);
        Kind(Settled(Payment()), Payment(), Payment("p2")).ShouldBe(FindingKind.PaidNotCredited, "the second payment is a surplus that nobody has");
        Kind(Settled(Payment(), Payment("p2")), Payment(), Payment("p2")).ShouldBeNull();
    }

    [Fact]
    public void Money_that_is_not_as_agreed_is_found()
    {
        Kind(Fresh, Payment(amount: Price - 1)).ShouldBe(FindingKind.AmountDiffers);
        Kind(Fresh, Payment() with { Currency = "EUR" }).ShouldBe(FindingKind.AmountDiffers);
        Kind(Fresh, Payment() with { Amount = null }).ShouldBe(FindingKind.AmountDiffers);
        Kind(Settled(Payment()), Payment(amount: Price + 1)).ShouldBe(FindingKind.AmountDiffers);
        Kind(Settled(Payment()), Payment() with { Currency = "EUR" }).ShouldBe(FindingKind.AmountDiffers);
        Kind(Fresh, Payment() with { IsOurAccount = false }).ShouldBe(FindingKind.AmountDiffers);
        Kind(Fresh, Payment() with { IsOurMode = false }).ShouldBe(FindingKind.AmountDiffers);
    }

    [Fact]
    public void Refunds_and_disputes_that_nobody_told_of_are_found()
    {
        Kind(Settled(Payment()), Payment(refunded: 1)).ShouldBe(FindingKind.RefundDiffers);
        Kind(Settled(Payment(refunded: 2_00)), Payment(refunded: 1_00)).ShouldBe(FindingKind.RefundDiffers, "a refund failed later");
        Kind(Settled(Payment()), Payment(dispute: DisputeState.Open)).ShouldBe(FindingKind.RefundDiffers);
        foreach (var dispute in Enum.GetValues<DisputeState>().Where(dispute => dispute != DisputeState.None))
            Kind(Settled(Payment(dispute: dispute)), Payment(dispute: dispute)).ShouldBeNull(dispute.ToString());
    }

    [Fact]
    public void Credits_for_a_payment_that_is_not_listed_are_found()
    {
        Kind(Settled(Payment())).ShouldBe(FindingKind.CreditedNotListed);
        Kind(Settled(Payment("a", 4_00), Payment("b", 6_00)), Payment("a", 4_00)).ShouldBe(FindingKind.CreditedNotListed);
        Kind(Fresh).ShouldBeNull("nothing was paid, and nothing is listed");
    }

    [Fact]
    public void Money_of_nobody_is_only_what_carries_an_order_of_our_form_and_did_not_go_back()
    {
        var order = Guid.CreateVersion7(At).ToString();
        var lost = new ListedPayment("x", order, Price, "USD", 0, At);
        var result = Comparison.Of(
            [lost, lost with { Id = "y", Refunded = Price }, lost with { Id = "z", Order = "" }, lost with { Id = "w", Order = "invoice-17" },
                lost with { Id = "v", Order = Guid.NewGuid().ToString() }], []);
        (result.Matched, result.Foreign).ShouldBe((0, 4));
        var finding = result.Findings.ShouldHaveSingleItem();
        (finding.Kind, finding.Order, finding.Payments.ShouldHaveSingleItem()).ShouldBe((FindingKind.PaymentOfNobody, order, lost));
    }

    /// <summary>Comparing again after a settlement finds nothing but what a person must decide on: so repairs come to an end.</summary>
    [Fact]
    public void Whatever_was_paid_nothing_is_found_once_it_is_settled_but_what_needs_review()
    {
        var found = 0;
        Prop.ForAll(Truths().ToArbitrary(), payments =>
        {
            var listed = payments.Select(Listed).ToImmutableArray();
            var settled = Settled([.. payments]);
            if (Comparison.Judge(Fresh, listed) is not null) found++;
            return Comparison.Judge(settled, listed) is null || settled.Review != ReviewReason.None;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
        found.ShouldBeGreaterThan(1_000);
    }

    [Fact]
    public void Every_listed_payment_is_accounted_for_once_in_whatever_order_it_comes()
    {
        var cases = from truths in Truths().ListOf(4)
            from known in Gen.Choose(0, 3)
            select (truths, known);
        Prop.ForAll(cases.ToArbitrary(), given =>
        {
            var orders = given.truths.Select((_, i) => new Guid($"01900000-0000-7000-8000-00000000000{i}").ToString()).ToList();
            var listed = given.truths.SelectMany((payments, i) => payments.Select(payment => Listed(payment) with { Id = $"{i}-{payment.Id}", Order = orders[i] })).ToList();
            var purchases = orders.Take(given.known).Select(order => Fresh with { Order = order }).ToList();
            var result = Comparison.Of(listed, purchases);
            var again = Comparison.Of(listed.AsEnumerable().Reverse(), purchases.AsEnumerable().Reverse());
            return result.Matched + result.Foreign + result.Findings.Sum(finding => finding.Payments.Length) == listed.Count
                && result.Findings.Where(finding => finding.Kind != FindingKind.PaymentOfNobody).Select(finding => finding.Order).Distinct().Count()
                    == result.Findings.Count(finding => finding.Kind != FindingKind.PaymentOfNobody)
                && result.Findings.Select(finding => (finding.Kind, finding.Order)).SequenceEqual(again.Findings.Select(finding => (finding.Kind, finding.Order)))
                && (result.Matched, result.Foreign) == (again.Matched, again.Foreign);
        }).QuickCheckThrowOnFailure();
    }

    private static FindingKind? Kind(Purchase purchase, params TakenPayment[] payments) => Comparison.Judge(purchase, [.. payments.Select(Listed)]);

    private static ListedPayment Listed(TakenPayment payment) => ListedPayment.Of(payment, Order, At);

    /// <summary>The purchase as the server leaves it, its surplus on the balance.</summary>
    private static Purchase Settled(params ImmutableArray<TakenPayment> payments)
    {
        var purchase = new PurchaseUnderTest().Learn(payments).Purchase;
        return purchase with { SurplusCredited = purchase.Surplus };
    }

    /// <summary>Up to three payments of one order, right and wrong, refunded and disputed in part or whole.</summary>
    private static Gen<List<TakenPayment>> Truths() =>
        from count in Gen.Choose(0, 3)
        from payments in Taken().ListOf(count)
        select payments.Select((payment, i) => payment with { Id = $"p{i}" }).ToList();

    private static Gen<TakenPayment> Taken() =>
        from amount in Gen.Elements(Price, Price, 4_00, 6_00, 1_00)
        from refunded in Gen.Elements(0, 0, 1_00, 4_00, Price)
        from dispute in Gen.Frequency((4, Gen.Constant(DisputeState.None)), (1, Gen.Elements(DisputeState.Open, DisputeState.Won, DisputeState.Lost)))
        from disputed in Gen.Elements(amount, 50)
        from currency in Gen.Frequency((9, Gen.Constant("USD")), (1, Gen.Constant("EUR")))
        from isCounted in Gen.Frequency((19, Gen.Constant(true)), (1, Gen.Constant(false)))
        select Payment("p", amount, Math.Min(refunded, amount), dispute, disputed) with { Currency = currency, Amount = isCounted ? amount : null };
}
