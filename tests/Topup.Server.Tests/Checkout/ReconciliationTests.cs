using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Checkout;
using Topup.Server.Checkout.Reconciliations;
using Topup.Testing;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class ReconciliationOnSqlite() : ReconciliationTests(isPostgres: false);

public sealed class ReconciliationOnPostgres() : ReconciliationTests(isPostgres: true);

public abstract class ReconciliationTests(bool isPostgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PaymentMethod.Stripe)]
    [InlineData(PaymentMethod.MercadoPago)]
    public async Task Money_that_nobody_told_of_is_credited_by_the_comparison_and_once(string method)
    {
        await using var shop = await Start();
        var (ordered, payment) = await shop.Paid(method);

        var first = await shop.Compare(method);

        Counts(first).ShouldBe((1, 0, 0, 1, 0));
        var finding = first.Findings.ShouldNotBeNull().ShouldHaveSingleItem();
        (finding.Kind, finding.Purchase, finding.Tenant, finding.Payments.ShouldHaveSingleItem(), finding.Amount, finding.Repaired, finding.Left)
            .ShouldBe(("paid_not_credited", ordered.Id, ordered.Tenant, payment, 12.50m, true, null));
        (await shop.Left(ordered)).ShouldBe(500);
        (await shop.Client.GetPurchase(ordered.Id, Stop)).Status.ShouldBe("credited");
        (await shop.Client.ListPurchaseSteps(ordered.Id, Stop)).Data.ShouldContain(step => step.Source == "reconciliation");

        Counts(await shop.Compare(method)).ShouldBe((1, 1, 0, 0, 0));
        (await shop.Left(ordered)).ShouldBe(500);
        var told = (await shop.Host.Events(ordered.Tenant)).Select(@event => @event.Type).ToList();
        (told.Count(type => type == "credits.purchased"), told.Count(type => type == "purchase.paid")).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData(PaymentMethod.Stripe)]
    [InlineData(PaymentMethod.MercadoPago)]
    public async Task Many_comparisons_at_once_credit_once(string method)
    {
        await using var shop = await Start();
        var orders = new List<PurchaseView>();
        for (var i = 0; i < 3; i++) orders.Add((await shop.Paid(method)).Purchase);
        shop.Advance(TimeSpan.FromMinutes(10));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => shop.Client.RunReconciliation(new ReconciliationRequest { Method = method }, stop: Stop)));
        foreach (var order in orders) (await shop.Left(order)).ShouldBe(500);
    }

    [Theory]
    [InlineData(PaymentMethod.Stripe)]
    [InlineData(PaymentMethod.MercadoPago)]
    public async Task Orphans_of_both_sides_are_reported_kept_and_told(string method)
    {
        await using var shop = await Start();
        var (lost, lostPayment) = await shop.Credited(method);
        shop.Lose(method, lostPayment);
        await shop.Credited(method);
        var order = Guid.CreateVersion7(shop.Host.Clock.GetUtcNow()).ToString();
        var strange = shop.PayElsewhere(method, order);
        shop.PayElsewhere(method, "invoice-17");
        shop.Advance(TimeSpan.FromMinutes(10));

        var report = await shop.Client.RunReconciliation(new ReconciliationRequest { Method = method }, "now", Stop);

        var compared = report.Methods.ShouldHaveSingleItem();
        Counts(compared).ShouldBe((3, 1, 1, 0, 2));
        compared.Findings.ShouldNotBeNull().Select(finding => (finding.Kind, finding.Order, finding.Purchase, string.Join(' ', finding.Payments), finding.Repaired)).Order()
            .ShouldBe([("credited_not_listed", ReconciledShop.OrderOf(lost), lost.Id, "", false), ("payment_of_nobody", order, null, strange, false)]);
        compared.Findings!.ShouldAllBe(finding => finding.Left != null);
        (await shop.Left(lost)).ShouldBe(500, "credits are taken back by a person, never by a list");

        var kept = await shop.Client.GetReconciliation(report.Id, Stop);
        kept.Methods[0].Findings!.Select(finding => finding.Order).ShouldBe(compared.Findings!.Select(finding => finding.Order));
        var listed = (await shop.Client.ListReconciliationsPage(stop: Stop)).Data.ShouldHaveSingleItem();
        (listed.Id, listed.Methods[0].Orphans, listed.Methods[0].Findings).ShouldBe((report.Id, 2, null));
        var again = await shop.Client.RunReconciliation(new ReconciliationRequest { Method = method }, "now", Stop);
        (again.Id, again.Replayed, again.Methods[0].Orphans).ShouldBe((report.Id, true, 2));

        var told = await Told(shop);
        told.Select(@event => (@event.Type, @event.Tenant)).ShouldBe([("reconciliation.completed", ""), ("reconciliation.orphan", "")]);
        told[1].Data.GetProperty("orphans").GetInt32().ShouldBe(2);
        told[1].Data.GetProperty("reconciliation").GetString().ShouldBe(report.Id);
    }

    [Theory]
    [InlineData(PaymentMethod.Stripe)]
    [InlineData(PaymentMethod.MercadoPago)]
    public async Task Refunds_and_disputes_that_nobody_told_of_are_claimed_once(string method)
    {
        await using var shop = await Start();
        var (refunded, payment) = await shop.Credited(method);
        var (disputed, disputedPayment) = await shop.Credited(method);
        shop.Refund(method, payment, 5m);
        shop.Dispute(method, disputedPayment);

        var first = await shop.Compare(method);

        Counts(first).ShouldBe((2, 0, 0, 2, 0));
        first.Findings!.ShouldAllBe(finding => finding.Kind == "refund_differs" && finding.Repaired);
        (await shop.Left(refunded)).ShouldBe(300);
        (await shop.Left(disputed)).ShouldBe(0, "held until the dispute is decided");
        Counts(await shop.Compare(method)).ShouldBe((2, 2, 0, 0, 0));
        (await shop.Left(refunded)).ShouldBe(300);
        (await Told(shop)).ShouldAllBe(@event => @event.Type == "reconciliation.completed");
    }

    [Theory]
    [InlineData(PaymentMethod.Stripe)]
    [InlineData(PaymentMethod.MercadoPago)]
    public async Task A_refund_or_dispute_long_after_the_payment_is_found_when_it_was_made(string method)
    {
        await using var shop = await Start();
        var (refunded, payment) = await shop.Credited(method);
        var (disputed, disputedPayment) = await shop.Credited(method);
        shop.Advance(TimeSpan.FromDays(40));
        Counts(await shop.Compare(method)).ShouldBe((0, 0, 0, 0, 0));
        shop.Refund(method, payment, 5m);
        shop.Dispute(method, disputedPayment);
        Counts(await shop.Compare(method)).ShouldBe((2, 0, 0, 2, 0));
        (await shop.Left(refunded)).ShouldBe(300);
        (await shop.Left(disputed)).ShouldBe(0);
    }

    [Fact]
    public async Task A_second_payment_of_one_order_goes_to_the_balance()
    {
        await using var shop = await Start();
        var (ordered, _) = await shop.Credited(PaymentMethod.MercadoPago);
        shop.Pay(ordered);
        Counts(await shop.Compare(PaymentMethod.MercadoPago)).ShouldBe((2, 0, 0, 1, 0));
        (await shop.Left(ordered)).ShouldBe(500);
        (await shop.Left(ordered, ReconciledShop.MoneyOf(PaymentMethod.MercadoPago))).ShouldBe(12.50m);
        Counts(await shop.Compare(PaymentMethod.MercadoPago)).ShouldBe((2, 2, 0, 0, 0));
    }

    [Fact]
    public async Task A_wrong_amount_is_left_for_a_person_until_it_went_back()
    {
        await using var shop = await Start();
        var ordered = await shop.Order(PaymentMethod.Stripe);
        var payment = shop.Stripe.Pay(shop.Stripe.SessionOf(ReconciledShop.OrderOf(ordered)), amount: 125);

        var finding = (await shop.Compare(PaymentMethod.Stripe)).Findings!.ShouldHaveSingleItem();
        (finding.Kind, finding.Repaired, finding.Amount).ShouldBe(("amount_differs", false, 1.25m));
        finding.Left.ShouldNotBeNull().ShouldContain("wrong_amount");
        (await shop.Client.GetPurchase(ordered.Id, Stop)).Status.ShouldBe("needs_review");
        (await shop.Left(ordered)).ShouldBe(0);

        await shop.Client.ReviewPurchase(ordered.Id, new ReviewRequest { Decision = "dismiss", Reason = "not the price" }, stop: Stop);
        (await shop.Compare(PaymentMethod.Stripe)).Orphans.ShouldBe(1, "the money is still there");
        shop.Stripe.Refund(payment);
        (await shop.Compare(PaymentMethod.Stripe)).Orphans.ShouldBe(0);
        (await shop.Left(ordered)).ShouldBe(0);
    }

    [Fact]
    public async Task A_list_that_is_behind_or_cut_by_the_span_is_not_believed()
    {
        await using var shop = await Start();
        var (refunded, payment) = await shop.Credited(PaymentMethod.MercadoPago);
        shop.MercadoPago.SearchIsBehind = true;
        shop.MercadoPago.RefundAtPanel(payment, 5m);
        (await shop.Client.CheckPurchase(refunded.Id, Stop)).Refunded.ShouldBe(5m);
        Counts(await shop.Compare(PaymentMethod.MercadoPago)).ShouldBe((1, 1, 0, 0, 0));

        // Paid before the span, and noticed within it.
        var (late, _) = await shop.Paid(PaymentMethod.Stripe);
        shop.Advance(TimeSpan.FromHours(2));
        await shop.Client.CheckPurchase(late.Id, Stop);
        shop.Advance(TimeSpan.FromHours(1));
        var report = await shop.Client.RunReconciliation(
            new ReconciliationRequest { Method = PaymentMethod.Stripe, From = shop.Host.Clock.GetUtcNow().AddHours(-2), Until = shop.Host.Clock.GetUtcNow() }, stop: Stop);
        Counts(report.Methods[0]).ShouldBe((0, 0, 0, 0, 0));
    }

    [Fact]
    public async Task Every_page_of_a_list_is_read()
    {
        await using var shop = await Start();
        var first = await shop.Paid(PaymentMethod.Stripe);
        shop.Stripe.PageMax = 2;
        for (var i = 0; i < 5; i++) shop.Stripe.PayElsewhere(null, 100);
        Counts(await shop.Compare(PaymentMethod.Stripe)).ShouldBe((6, 0, 5, 1, 0));
        (await shop.Left(first.Purchase)).ShouldBe(500);

        for (var i = 0; i < 120; i++) shop.MercadoPago.PayElsewhere("invoice-17", 1);
        var last = await shop.Paid(PaymentMethod.MercadoPago);
        Counts(await shop.Compare(PaymentMethod.MercadoPago)).ShouldBe((121, 0, 120, 1, 0));
        (await shop.Left(last.Purchase)).ShouldBe(500);
    }

    [Fact]
    public async Task Once_a_day_it_runs_by_itself_and_again_after_an_hour_when_a_provider_was_down()
    {
        await using var shop = await Start();
        var daily = shop.Host.Services.GetRequiredService<DailyReconciliation>();
        await daily.Run(Stop);
        (await Daily(shop)).ShouldBe(0, "a new server has nothing to compare");
        shop.Advance(TimeSpan.FromHours(23));
        var (stripe, _) = await shop.Paid(PaymentMethod.Stripe);
        var (mercadoPago, _) = await shop.Paid(PaymentMethod.MercadoPago);
        await daily.Run(Stop);
        (await Daily(shop)).ShouldBe(0);

        shop.Stripe.Fail(ProviderFault.Garbage);
        shop.Advance(TimeSpan.FromHours(2));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => daily.Run(Stop), Stop)));
        (await Daily(shop)).ShouldBe(1, "of several that see it is time, one does it");
        var report = await shop.Client.GetReconciliation((await shop.Client.ListReconciliationsPage(stop: Stop)).Data[0].Id, Stop);
        (report.Actor, report.Methods.Single(method => method.Method == PaymentMethod.MercadoPago).Failure).ShouldBe(("server", null));
        report.Methods.Single(method => method.Method == PaymentMethod.Stripe).Failure.ShouldNotBeNull().ShouldContain("garbage");
        ((await shop.Left(stripe)), (await shop.Left(mercadoPago))).ShouldBe((0, 500));

        shop.Stripe.Heal();
        shop.Advance(TimeSpan.FromMinutes(59));
        await daily.Run(Stop);
        (await Daily(shop)).ShouldBe(1);
        shop.Advance(TimeSpan.FromMinutes(2));
        await daily.Run(Stop);
        (await Daily(shop)).ShouldBe(2);
        (await shop.Left(stripe)).ShouldBe(500);
        shop.Advance(TimeSpan.FromHours(23));
        await daily.Run(Stop);
        (await Daily(shop)).ShouldBe(2);
        shop.Advance(TimeSpan.FromHours(2));
        await daily.Run(Stop);
        (await Daily(shop)).ShouldBe(3);
    }

    [Fact]
    public async Task One_key_makes_one_report_also_when_it_comes_twice_at_once()
    {
        await using var shop = await Start();
        var reports = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => shop.Client.RunReconciliation(null, "once", Stop), Stop)));
        reports.Select(report => report.Id).Distinct().ShouldHaveSingleItem();
        reports.Count(report => !report.Replayed).ShouldBe(1);
        (await shop.Client.ListReconciliationsPage(stop: Stop)).Data.ShouldHaveSingleItem();
        (await Told(shop)).ShouldHaveSingleItem().Type.ShouldBe("reconciliation.completed");
    }

    [Fact]
    public async Task Of_two_servers_that_see_that_it_is_time_one_may_do_it()
    {
        await using var shop = await Start();
        var store = shop.Host.Services.GetRequiredService<ReconciliationStore>();
        await shop.Host.Services.GetRequiredService<DailyReconciliation>().Run(Stop);
        var due = await store.DueAt(Stop);
        due.ShouldBe(shop.Host.Clock.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds());
        (await store.MoveDue(due, new Instant(due + 1), Stop)).ShouldBeTrue();
        (await store.MoveDue(due, new Instant(due + 2), Stop)).ShouldBeFalse();
        (await store.DueAt(Stop)).ShouldBe(due + 1);
    }

    [Fact]
    public async Task A_provider_that_fails_half_way_is_reported_and_the_rest_is_repaired_the_next_time()
    {
        await using var shop = await Start();
        var orders = new List<PurchaseView>();
        for (var i = 0; i < 3; i++) orders.Add((await shop.Paid(PaymentMethod.Stripe)).Purchase);
        var seen = 0;
        shop.Stripe.Fail(ProviderFault.Garbage, on: request => request.Path.StartsWith("/v1/checkout/sessions/", StringComparison.Ordinal) && Interlocked.Increment(ref seen) > 2);
        var broken = await shop.Compare(PaymentMethod.Stripe);
        (broken.Repaired, broken.Failure is null).ShouldBe((1, false));
        shop.Stripe.Heal();
        var whole = await shop.Compare(PaymentMethod.Stripe);
        (whole.Matched + whole.Repaired, whole.Orphans, whole.Failure).ShouldBe((3, 0, null));
        foreach (var order in orders) (await shop.Left(order)).ShouldBe(500);
    }

    [Fact]
    public async Task What_cannot_be_compared_is_refused_by_name()
    {
        await using var shop = await Start();
        var now = shop.Host.Clock.GetUtcNow();
        await Refused(new ReconciliationRequest { Method = "balance" }, 400, "method_unknown", "method");
        await Refused(new ReconciliationRequest { Method = "sandbox" }, 409, "method_not_offered", "method");
        await Refused(new ReconciliationRequest { Until = now.AddMinutes(1) }, 400, "invalid_field", "until");
        await Refused(new ReconciliationRequest { Until = DateTimeOffset.MinValue }, 400, "invalid_field", "until");
        await Refused(new ReconciliationRequest { From = now }, 400, "invalid_field", "from");
        (await Refused(new ReconciliationRequest { From = now.AddDays(-31).AddSeconds(-1), Until = now }, 400, "invalid_field", "from")).Limit.ShouldBe(31);
        await shop.Client.RunReconciliation(new ReconciliationRequest { From = now.AddDays(-31), Until = now }, "used", Stop);
        var reused = await Should.ThrowAsync<TopupException>(shop.Client.RunReconciliation(null, "used", Stop));
        reused.Code.ShouldBe("idempotency_key_reused");
        (await Should.ThrowAsync<TopupException>(shop.Client.GetReconciliation("nothing", Stop))).Code.ShouldBe("reconciliation_unknown");

        using var bound = shop.Host.NewHttp(await shop.Host.NewKey(await shop.Host.NewTenant(), "grant", "read"));
        using var client = new TopupClient(bound);
        (await Should.ThrowAsync<TopupException>(client.RunReconciliation(stop: Stop))).Code.ShouldBe("forbidden");
        (await Should.ThrowAsync<TopupException>(client.ListReconciliationsPage(stop: Stop))).Code.ShouldBe("forbidden");
        (await Should.ThrowAsync<TopupException>(client.GetReconciliation("nothing", Stop))).Code.ShouldBe("forbidden");

        async Task<TopupException> Refused(ReconciliationRequest request, int status, string code, string field)
        {
            var refused = await Should.ThrowAsync<TopupException>(shop.Client.RunReconciliation(request, stop: Stop));
            (refused.Status, refused.Code, refused.Field).ShouldBe((status, code, field));
            return refused;
        }
    }

    private static (int Listed, int Matched, int Foreign, int Repaired, int Orphans) Counts(ReconciledMethod method)
    {
        method.Failure.ShouldBeNull();
        return (method.Listed, method.Matched, method.Foreign, method.Repaired, method.Orphans);
    }

    private static async Task<int> Daily(ReconciledShop shop) =>
        (await shop.Client.ListReconciliationsPage(stop: Stop)).Data.Count(report => report.Actor == "server");

    private static async Task<List<EventView>> Told(ReconciledShop shop)
    {
        var told = new List<EventView>();
        await foreach (var @event in shop.Client.ListEvents(stop: Stop))
            if (@event.Type.StartsWith("reconciliation.", StringComparison.Ordinal)) told.Add(@event);
        return told;
    }

    private Task<ReconciledShop> Start() => ReconciledShop.Start(isPostgres ? DatabaseKind.Postgres : DatabaseKind.Sqlite);
}
