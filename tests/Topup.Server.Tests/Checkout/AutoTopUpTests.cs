using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Contracts;
using Topup.Server.Checkout;
using Topup.Server.Checkout.AutoTopUps;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class AutoTopUpOnSqlite(SqliteAutoTopUp host) : AutoTopUpTests(host), IClassFixture<SqliteAutoTopUp>;

public sealed class AutoTopUpOnPostgres(PostgresAutoTopUp host) : AutoTopUpTests(host), IClassFixture<PostgresAutoTopUp>
{
    [Fact]
    public async Task Two_servers_on_one_database_order_once_and_charge_once()
    {
        await using var shop = await Open();
        await shop.SaveCard();
        await shop.Save(shop.Rule with { Method = "stripe" });
        var database = Host.Services.GetRequiredService<IConfiguration>()["Topup:Database"];
        await using var other = await Fixture.NewHost("--Topup:Database=" + database);
        var (ours, theirs) = (Host.Services.GetRequiredService<AutoTopUpWorker>(), other.Services.GetRequiredService<AutoTopUpWorker>());

        await Task.WhenAll(Enumerable.Range(0, 10).SelectMany(_ => new[] { ours.Run(Stop), theirs.Run(Stop) }));

        shop.Charges.ShouldBe(1);
        (await shop.Left()).ShouldBe(100);
    }
}

public sealed class SqliteAutoTopUp() : HostFixture(isPostgres: false, AutoTopUpTests.Settings);

public sealed class PostgresAutoTopUp() : HostFixture(isPostgres: true, AutoTopUpTests.Settings);

/// <summary>The worker runs when a test says so. Every test has a shop and a fake of Stripe of its own.</summary>
public abstract class AutoTopUpTests(HostFixture fixture) : ServerTests(fixture)
{
    public static readonly string[] Settings =
    [
        "--Topup:AutoTopUpEverySeconds=86400", "--Topup:TimeZone=America/Sao_Paulo", "--Topup:SecretKey=" + Convert.ToBase64String(new byte[32]),
    ];

    [Fact]
    public async Task It_buys_a_pack_from_the_balance_once_less_than_the_threshold_remains()
    {
        await using var shop = await Open(credits: 50, money: 100);
        var saved = await shop.Save();
        (saved.Status, saved.WillOrderNow, saved.SpentThisMonth, saved.Currency, saved.Consent.At).ShouldBe(("active", false, 0, "USD", Host.Clock.GetUtcNow()));
        await shop.Spend(30);
        await shop.Run();
        (await shop.Left()).ShouldBe(20, "at the threshold there is enough");

        await shop.Spend(1);
        (await shop.See()).WillOrderNow.ShouldBeTrue();
        await shop.Run();
        await shop.Run();

        (await shop.Left(), await shop.Money()).ShouldBe((119, 90));
        var after = await shop.See();
        (after.Status, after.WillOrderNow, after.SpentThisMonth, after.Failures, after.Reason).ShouldBe(("active", false, 10, 0, null));
        var bought = await shop.Ordered();
        (bought.Id, bought.AutoTopUp, bought.Status, bought.Price).ShouldBe((after.LastPurchase, true, "credited", 10));
        var told = (await shop.News()).ShouldHaveSingleItem();
        (told.Type, told.Data.Purchase, told.Data.Price, told.Data.Pack).ShouldBe(("autotopup.succeeded", bought.Id, 10, shop.Pack));
    }

    [Fact]
    public async Task A_rule_that_is_saved_below_its_threshold_says_that_it_will_order_and_does()
    {
        await using var shop = await Open(credits: 5, money: 100);
        (await shop.Save()).WillOrderNow.ShouldBeTrue();
        await shop.Run();
        (await shop.Left()).ShouldBe(105);
    }

    [Fact]
    public async Task Fifty_uses_at_once_across_the_threshold_order_once()
    {
        await using var shop = await Open(credits: 60, money: 100);
        await shop.Save();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var watching = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested) await shop.Run();
        }, Stop);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => shop.Spend(1)));
        await enough.CancelAsync();
        await watching;
        await shop.Run();
        (await shop.Purchases()).Count.ShouldBe(1);
        (await shop.Left()).ShouldBe(110);
    }

    /// <summary>All of them have decided to order before any has begun: each first has to ask Stripe for the card.</summary>
    [Fact]
    public async Task Any_number_of_workers_at_once_order_once()
    {
        await using var shop = await Open();
        await shop.SaveCard();
        await shop.Save(shop.Rule with { Method = "stripe" });
        await Client.DeleteSavedCard(shop.Tenant, "stripe", stop: Stop);
        Host.Clock.Advance(TimeSpan.FromMinutes(1));
        shop.Fake.Fail(ProviderFault.ServerError, on: IsQuestionForCard);
        await shop.SaveCard();
        shop.Fake.Heal();
        var workers = Enumerable.Range(0, 8).Select(_ => ActivatorUtilities.CreateInstance<AutoTopUpWorker>(Host.Services)).ToList();
        await Task.WhenAll(workers.Select(worker => worker.Run(Stop)));
        await Task.WhenAll(workers.Select(worker => worker.Run(Stop)));
        shop.Charges.ShouldBe(1);
        (await shop.Left()).ShouldBe(100);
    }

    [Fact]
    public async Task A_purchase_whose_money_is_under_way_counts_until_it_fails()
    {
        await using var shop = await Open(credits: 5, money: 100);
        var transfer = await Client.StartPurchase(new PurchaseRequest { Tenant = shop.Tenant, Pack = shop.Pack, Method = "stripe" }, stop: Stop);
        var page = shop.Fake.SessionOf(transfer.Id.Split('~')[1]);
        shop.Fake.PayLater(page);
        (await Client.CheckPurchase(transfer.Id, Stop)).Status.ShouldBe("processing");

        (await shop.Save()).WillOrderNow.ShouldBeFalse();
        await shop.Run();
        (await shop.Left()).ShouldBe(5);

        shop.Fake.Bounce(page);
        await Client.CheckPurchase(transfer.Id, Stop);
        Host.Clock.Advance(TimeSpan.FromMinutes(1));
        await shop.Run();
        (await shop.Left()).ShouldBe(105);
    }

    /// <summary>In São Paulo the month ends three hours after that of Greenwich.</summary>
    [Fact]
    public async Task The_cap_holds_for_the_month_of_the_operator_and_is_told_once()
    {
        await using var shop = await Open(money: 100);
        await shop.Save(shop.Rule with { MonthlyCap = 29.99m });
        for (var i = 0; i < 5; i++)
        {
            await shop.Run();
            await shop.Spend(await shop.Left());
        }
        (await shop.Money()).ShouldBe(80);
        var capped = await shop.See();
        (capped.Status, capped.Reason, capped.WaitsUntil, capped.SpentThisMonth, capped.WillOrderNow)
            .ShouldBe(("waiting", "monthly_cap", new DateTimeOffset(2026, 4, 1, 3, 0, 0, TimeSpan.Zero), 20, false));
        var told = (await shop.News()).Where(news => news.Type == "autotopup.failed").ShouldHaveSingleItem().Data;
        (told.Reason, told.MonthlyCap, told.WaitsUntil).ShouldBe(("monthly_cap", 29.99m, capped.WaitsUntil));

        Host.Clock.Set("2026-04-01T02:59:59Z");
        await shop.Run();
        (await shop.Money()).ShouldBe(80);
        Host.Clock.Set("2026-04-01T03:00:00Z");
        (await shop.See()).ShouldSatisfyAllConditions(view => view.Reason.ShouldBeNull(), view => view.SpentThisMonth.ShouldBe(0), view => view.WillOrderNow.ShouldBeTrue());
        await shop.Run();
        (await shop.Money()).ShouldBe(70);
    }

    [Fact]
    public async Task A_higher_cap_orders_at_once()
    {
        await using var shop = await Open(money: 100);
        await shop.Save(shop.Rule with { MonthlyCap = 10 });
        await shop.Run();
        await shop.Spend(100);
        await shop.Run();
        (await shop.See()).Reason.ShouldBe("monthly_cap");
        var raised = await shop.Save(shop.Rule with { MonthlyCap = 20 });
        (raised.Status, raised.Reason, raised.SpentThisMonth, raised.WillOrderNow).ShouldBe(("active", null, 10, true));
        await shop.Run();
        (await shop.Left()).ShouldBe(100);
    }

    [Fact]
    public async Task A_saved_card_pays_without_the_buyer()
    {
        await using var shop = await Open();
        await Refused(shop.Save(shop.Rule with { Method = "stripe" }), 409, "no_saved_card", "method");
        var first = await shop.SaveCard();
        var card = (await Client.ListSavedCards(shop.Tenant, Stop)).Data.ShouldHaveSingleItem();
        (card.Method, card.Brand, card.Last4).ShouldBe(("stripe", "visa", "4242"));
        (await Client.GetPurchase(first, Stop)).AutoTopUp.ShouldBeFalse();

        (await shop.Save(shop.Rule with { Method = "stripe" })).WillOrderNow.ShouldBeTrue();
        await shop.Run();

        shop.Charges.ShouldBe(1);
        (await shop.Left()).ShouldBe(100);
        var bought = await shop.Ordered();
        (bought.Status, bought.Method, bought.AutoTopUp, bought.Paid, bought.CheckoutUrl).ShouldBe(("credited", "stripe", true, 10, null));
        (await Client.GetReceipt(bought.Id, Stop)).ShouldNotBeNull();
        await Client.StartPurchase(new PurchaseRequest { Tenant = shop.Tenant, Pack = shop.Pack, Method = "stripe", SaveCard = true }, stop: Stop);
        shop.Fake.Sessions[^1].Customer.ShouldBe(shop.Fake.Intents[^1].Customer, "Stripe's page knows the buyer again");
    }

    [Fact]
    public async Task A_card_is_saved_only_where_the_buyer_agrees_and_the_method_can()
    {
        await using var shop = await Open(money: 100);
        await shop.SaveCard(agreed: false);
        (await Client.ListSavedCards(shop.Tenant, Stop)).Data.ShouldBeEmpty();
        await Refused(Client.StartPurchase(new PurchaseRequest { Tenant = shop.Tenant, Pack = shop.Pack, Method = "balance", SaveCard = true }, stop: Stop),
            400, "invalid_field", "save_card");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_card_whose_provider_was_away_when_it_was_paid_is_remembered_when_it_is_needed_unless_it_was_to_be_forgotten(bool forgets)
    {
        await using var shop = await Open();
        var bought = await Client.StartPurchase(new PurchaseRequest { Tenant = shop.Tenant, Pack = shop.Pack, Method = "stripe", SaveCard = true }, stop: Stop);
        shop.Fake.Pay(shop.Fake.SessionOf(bought.Id.Split('~')[1]));
        shop.Fake.Fail(ProviderFault.ServerError, on: IsQuestionForCard);
        (await Client.CheckPurchase(bought.Id, Stop)).Status.ShouldBe("credited");
        shop.Fake.Heal();
        if (forgets) await Client.DeleteSavedCard(shop.Tenant, "stripe", stop: Stop);
        (await Client.ListSavedCards(shop.Tenant, Stop)).Data.Count.ShouldBe(forgets ? 0 : 1);
    }

    [Fact]
    public async Task A_card_that_was_forgotten_is_never_charged_again()
    {
        await using var shop = await Open();
        await shop.SaveCard();
        await shop.Save(shop.Rule with { Method = "stripe" });
        shop.Fake.Fail(ProviderFault.ServerError);
        await Refused(Client.DeleteSavedCard(shop.Tenant, "stripe", stop: Stop), 503, "provider_unavailable");
        shop.Fake.Heal();
        (shop.Fake.CardsAttached, (await Client.ListSavedCards(shop.Tenant, Stop)).Data.Count).ShouldBe((1, 1), "nothing is forgotten by half");
        await Client.DeleteSavedCard(shop.Tenant, "stripe", stop: Stop);
        shop.Fake.CardsAttached.ShouldBe(0, "the provider forgets it too");
        (await Client.ListSavedCards(shop.Tenant, Stop)).Data.ShouldBeEmpty();
        await Refused(Client.DeleteSavedCard(shop.Tenant, "stripe", stop: Stop), 404, "card_unknown");

        await shop.Run();

        shop.Charges.ShouldBe(0);
        var view = await shop.See();
        (view.Status, view.Reason).ShouldBe(("suspended", "no_saved_card"));
        (await All(Client.ListAudit(tenant: shop.Tenant, stop: Stop))).ShouldContain(row => row.Action == "card.deleted");
        Host.Clock.Advance(TimeSpan.FromMinutes(1));
        await shop.SaveCard(spends: false);
        (await shop.Resume()).WillOrderNow.ShouldBeFalse("the purchase that saved the card has filled the pool");
    }

    [Fact]
    public async Task A_decline_waits_an_hour_and_the_third_suspends_until_somebody_resumes()
    {
        await using var shop = await Open();
        await shop.SaveCard();
        await shop.Save(shop.Rule with { Method = "stripe" });
        for (var declines = 1; declines <= 3; declines++)
        {
            shop.Fake.DeclineNextOffSession("insufficient_funds");
            await shop.Run();
            var view = await shop.See();
            (view.Failures, view.Reason, view.Status).ShouldBe((declines, "insufficient_funds", declines < 3 ? "waiting" : "suspended"));
            view.WaitsUntil.ShouldBe(declines < 3 ? Host.Clock.GetUtcNow().AddHours(1) : null);
            Host.Clock.Advance(TimeSpan.FromMinutes(59));
            await shop.Run();
            shop.Attempts.ShouldBe(declines, "it is left alone for an hour");
            Host.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        Host.Clock.Advance(TimeSpan.FromDays(3));
        await shop.Run();
        shop.Attempts.ShouldBe(3);
        (await shop.News()).Select(news => (news.Type, news.Data.Reason, news.Data.Failures))
            .ShouldBe([("autotopup.failed", "insufficient_funds", 1), ("autotopup.suspended", "insufficient_funds", 3)]);
        (await shop.Purchases()).Count(purchase => purchase.Status == "failed").ShouldBe(3);

        var resumed = await shop.Resume();
        (resumed.Status, resumed.Failures, resumed.WillOrderNow).ShouldBe(("active", 0, true));
        await shop.Run();
        (await shop.Left()).ShouldBe(100);
        (await shop.See()).SpentThisMonth.ShouldBe(10, "what failed is not spent");
    }

    [Theory]
    [InlineData("expired_card")]
    [InlineData("authentication_required")]
    [InlineData("lost_card")]
    public async Task A_decline_that_another_try_would_not_cure_suspends_at_once(string code)
    {
        await using var shop = await Open();
        await shop.SaveCard();
        await shop.Save(shop.Rule with { Method = "stripe" });
        shop.Fake.DeclineNextOffSession(code);
        await shop.Run();
        var view = await shop.See();
        (view.Status, view.Reason, view.WillOrderNow).ShouldBe(("suspended", code, false));
        var told = (await shop.News()).ShouldHaveSingleItem();
        (told.Type, told.Data.Reason, told.Data.Purchase).ShouldBe(("autotopup.suspended", code, view.LastPurchase));
    }

    [Fact]
    public async Task Too_little_money_on_the_balance_is_a_decline()
    {
        await using var shop = await Open(money: 9.99m);
        await shop.Save();
        await shop.Run();
        (await shop.See()).ShouldSatisfyAllConditions(view => view.Reason.ShouldBe("insufficient_balance"), view => view.Status.ShouldBe("waiting"));
        (await shop.Purchases()).ShouldBeEmpty();
        await Host.Grant(shop.Tenant, "balance", 0.01m, "transfer");
        Host.Clock.Advance(TimeSpan.FromHours(1));
        await shop.Run();
        (await shop.Left(), await shop.Money()).ShouldBe((100, 0));
        (await shop.See()).Reason.ShouldBeNull();
    }

    /// <summary>The server ends when Stripe has taken the money and before it has heard so.</summary>
    [Fact]
    public async Task A_crash_between_charge_and_save_charges_once()
    {
        await using var shop = await Open();
        await shop.SaveCard();
        await shop.Save(shop.Rule with { Method = "stripe" });
        shop.Fake.Fail(ProviderFault.LostAnswer, on: IsCharge);
        using (var crash = CancellationTokenSource.CreateLinkedTokenSource(Stop))
        {
            var running = shop.Run(crash.Token);
            while (shop.Charges == 0) await Task.Delay(5, Stop);
            await crash.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(running);
        }
        (await shop.Left()).ShouldBe(0);
        (await shop.See()).Status.ShouldBe("ordering");
        shop.Fake.Heal();

        await shop.RunAnew();
        shop.Attempts.ShouldBe(1, "another server leaves it alone until it is taken for abandoned");
        Host.Clock.Advance(TimeSpan.FromMinutes(2));
        await shop.RunAnew();
        await shop.RunAnew();

        shop.Charges.ShouldBe(1);
        (await shop.Left()).ShouldBe(100);
        (await shop.News()).ShouldHaveSingleItem().Type.ShouldBe("autotopup.succeeded");
    }

    [Fact]
    public async Task A_charge_whose_answer_was_lost_for_days_is_found_and_not_made_again()
    {
        await using var shop = await Open();
        await shop.SaveCard();
        await shop.Save(shop.Rule with { Method = "stripe" });
        shop.Fake.Fail(ProviderFault.LostAnswer, on: IsCharge);
        await shop.Run();
        shop.Fake.Fail(ProviderFault.Down);
        for (var hours = 0; hours < 50; hours += 10)
        {
            Host.Clock.Advance(TimeSpan.FromHours(10));
            await Host.Services.GetRequiredService<Reconciler>().Run(Stop);
        }
        shop.Fake.Heal();
        await shop.Run();
        shop.Charges.ShouldBe(1);
        (await shop.Left()).ShouldBe(100);
    }

    [Fact]
    public async Task A_notification_that_is_faster_than_the_answer_counts_once()
    {
        await using var shop = await Open();
        await shop.SaveCard();
        await shop.Save(shop.Rule with { Method = "stripe" });
        shop.Fake.TakeOutgoing();
        shop.Fake.Fail(ProviderFault.LostAnswer, on: IsCharge);
        await shop.Run();
        shop.Fake.Heal();
        shop.Fake.Receiver = Host.Url;
        await shop.Fake.DeliverAll();
        await shop.Until(async () => await shop.Left() == 100);

        Host.Clock.Advance(TimeSpan.FromMinutes(1));
        await shop.Run();
        (shop.Charges, await shop.Left(), (await shop.See()).Status).ShouldBe((1, 100, "active"));
        (await shop.News()).ShouldHaveSingleItem().Type.ShouldBe("autotopup.succeeded");
    }

    /// <summary>While the answer is asked for again, a notification changes the purchase; all that come after it are lost.</summary>
    [Fact]
    public async Task The_payment_of_a_charge_is_written_down_also_where_a_notification_was_faster()
    {
        await using var shop = await Open();
        await shop.SaveCard();
        await shop.Save(shop.Rule with { Method = "stripe" });
        shop.Fake.TakeOutgoing();
        shop.Fake.Receiver = Host.Url;
        shop.Fake.DeclineNextOffSession("processing");
        shop.Fake.Fail(ProviderFault.LostAnswer, times: 2, on: IsCharge);
        var running = shop.Run();
        await shop.Until(() => Task.FromResult(shop.Attempts == 1));
        await shop.Fake.DeliverAll();
        await shop.Until(async () => (await shop.Ordered()).Status == "processing");
        await running;
        (await shop.See()).Status.ShouldBe("ordering");

        shop.Fake.Settle(shop.Fake.Intents[^1].Id);
        Host.Clock.Advance(TimeSpan.FromMinutes(10));
        await Host.Services.GetRequiredService<Reconciler>().Run(Stop);
        await shop.Run();
        (await shop.Left(), (await shop.See()).Status).ShouldBe((100, "active"));
    }

    [Fact]
    public async Task A_charge_that_takes_its_time_is_waited_for_and_not_made_twice()
    {
        await using var shop = await Open();
        await shop.SaveCard();
        await shop.Save(shop.Rule with { Method = "stripe" });
        shop.Fake.DeclineNextOffSession("processing");
        await shop.Run();
        (await shop.See()).Status.ShouldBe("ordering");
        for (var i = 0; i < 3; i++)
        {
            Host.Clock.Advance(TimeSpan.FromMinutes(10));
            await shop.RunAnew();
        }
        shop.Attempts.ShouldBe(1);
        shop.Fake.Settle(shop.Fake.Intents[^1].Id);
        Host.Clock.Advance(TimeSpan.FromMinutes(10));
        await Host.Services.GetRequiredService<Reconciler>().Run(Stop);
        await shop.Run();
        (await shop.Left(), (await shop.See()).Status).ShouldBe((100, "active"));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Consent_that_is_withdrawn_in_between_undoes_no_charge_and_makes_none(bool isCharged, int charges)
    {
        await using var shop = await Open();
        await shop.SaveCard();
        await shop.Save(shop.Rule with { Method = "stripe" });
        shop.Fake.Fail(isCharged ? ProviderFault.LostAnswer : ProviderFault.Down, on: IsCharge);
        await shop.Run();
        await shop.Delete();
        await Refused(Client.GetAutoTopUp(shop.Tenant, shop.Type, Stop), 404, "auto_top_up_unknown");
        (await Client.ListAutoTopUps(shop.Tenant, Stop)).Data.ShouldBeEmpty();
        await Refused(Client.DeleteAutoTopUp(shop.Tenant, shop.Type, stop: Stop), 404, "auto_top_up_unknown");
        await Refused(Client.ResumeAutoTopUp(shop.Tenant, shop.Type, stop: Stop), 404, "auto_top_up_unknown");
        shop.Fake.Heal();

        Host.Clock.Advance(TimeSpan.FromMinutes(2));
        await shop.Run();
        Host.Clock.Advance(TimeSpan.FromDays(1));
        await shop.Run();

        shop.Charges.ShouldBe(charges);
        (await shop.Left()).ShouldBe(100 * charges);
        (await shop.Ordered()).Status.ShouldBe(charges == 1 ? "credited" : "failed");
        (await shop.News()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Deleting_a_rule_and_saving_it_again_keeps_the_one_order_that_is_under_way()
    {
        await using var shop = await Open();
        await shop.SaveCard();
        await shop.Save(shop.Rule with { Method = "stripe" });
        shop.Fake.Fail(ProviderFault.LostAnswer, on: IsCharge);
        await shop.Run();
        await shop.Delete();
        (await shop.Save(shop.Rule with { Method = "stripe" })).Status.ShouldBe("ordering");
        shop.Fake.Heal();
        Host.Clock.Advance(TimeSpan.FromMinutes(2));
        await shop.Run();
        (shop.Charges, await shop.Left(), (await shop.See()).Status).ShouldBe((1, 100, "active"));
    }

    [Fact]
    public async Task A_purchase_is_not_called_off_while_nobody_knows_whether_the_card_was_charged()
    {
        await using var shop = await Open();
        await shop.SaveCard();
        await shop.Save(shop.Rule with { Method = "stripe" });
        shop.Fake.Fail(ProviderFault.LostAnswer, on: IsCharge);
        await shop.Run();
        var ordered = await shop.Ordered();
        ordered.Status.ShouldBe("created");
        using (var once = new Client.TopupClient(Host.Http, new Client.TopupClientOptions { RetryMax = 0 }))
            await Refused(once.CancelPurchase(ordered.Id, Stop), 503, "purchase_changed");
        shop.Fake.Heal();
        Host.Clock.Advance(TimeSpan.FromMinutes(2));
        await shop.Run();
        (await Client.CancelPurchase(ordered.Id, Stop)).Status.ShouldBe("credited");
    }

    [Fact]
    public async Task A_dispute_of_the_last_purchase_suspends_before_the_next()
    {
        await using var shop = await Open();
        await shop.SaveCard();
        await shop.Save(shop.Rule with { Method = "stripe" });
        await shop.Run();
        await shop.Spend(90);
        var bought = await shop.Ordered();
        shop.Fake.Dispute(shop.Fake.IntentOf(bought.Id.Split('~')[1]));
        (await Client.CheckPurchase(bought.Id, Stop)).Status.ShouldBe("disputed");
        await shop.Run();
        shop.Charges.ShouldBe(1);
        (await shop.See()).ShouldSatisfyAllConditions(view => view.Status.ShouldBe("suspended"), view => view.Reason.ShouldBe("disputed"));
    }

    [Fact]
    public async Task A_refund_of_the_last_purchase_suspends_before_the_next()
    {
        await using var shop = await Open(money: 100);
        await shop.Save();
        await shop.Run();
        var bought = await shop.Ordered();
        await Client.RefundPurchase(bought.Id, new RefundRequest { Reason = "not wanted" }, stop: Stop);
        await shop.Run();
        (await shop.See()).ShouldSatisfyAllConditions(view => view.Status.ShouldBe("suspended"), view => view.Reason.ShouldBe("refunded"));
        (await shop.News())[^1].Type.ShouldBe("autotopup.suspended");
        await shop.Resume();
        await shop.Run();
        (await shop.Left()).ShouldBe(100, "a person has seen to it");
    }

    [Fact]
    public async Task A_tenant_that_may_not_buy_is_left_alone_and_nothing_fails()
    {
        await using var shop = await Open(money: 100);
        await shop.Save();
        await Host.SaveTenant(shop.Tenant, null, status: "suspended");
        (await shop.See()).WillOrderNow.ShouldBeFalse();
        await shop.Run();
        await Host.SaveTenant(shop.Tenant, null, status: "active");
        Host.Clock.Advance(TimeSpan.FromMinutes(1));
        await shop.Run();
        (await shop.Left()).ShouldBe(100);
        (await shop.News()).ShouldHaveSingleItem().Type.ShouldBe("autotopup.succeeded");
    }

    [Fact]
    public async Task A_pack_that_was_deleted_suspends()
    {
        await using var shop = await Open(money: 100);
        await shop.Save();
        await Client.DeletePack(shop.Pack, stop: Stop);
        (await shop.See()).WillOrderNow.ShouldBeFalse();
        await shop.Run();
        (await shop.See()).ShouldSatisfyAllConditions(view => view.Status.ShouldBe("suspended"), view => view.Reason.ShouldBe("pack_unknown"));
    }

    [Fact]
    public async Task A_target_buys_what_is_missing_by_a_pack_of_any_amount()
    {
        await using var shop = await Open(credits: 30, money: 100);
        var pack = Host.NewName("pack");
        await Client.SavePack(pack, new PackRequest
        {
            Type = shop.Type, Name = "Any", Credits = 10, Price = 1, Currency = "USD", Custom = new CustomAmountTerms { MinPrice = 2, MaxPrice = 20, Bonuses = [] },
        }, stop: Stop);
        var rule = shop.Rule with { Pack = pack, Target = 150 };
        await Refused(shop.Save(rule with { Target = null }), 400, "invalid_field", "target");
        (await Refused(shop.Save(rule with { Target = 201 }), 400, "invalid_field", "target")).Message.ShouldContain("One order");
        await shop.Save(rule);
        await shop.Spend(15);
        await shop.Run();
        (await shop.Left(), await shop.Money()).ShouldBe((150, 86.5m), "135 were missing");
    }

    [Fact]
    public async Task Money_is_topped_up_by_a_card_up_to_a_target()
    {
        await using var shop = await Open(money: 6);
        await shop.SaveCard();
        var rule = shop.Rule with { Pack = null, Threshold = 5, Target = 25, Method = "stripe" };
        await Refused(shop.Save(rule with { Method = "balance" }, "balance"), 409, "no_balance", "method");
        (await Refused(shop.Save(rule with { Target = 5.10m }, "balance"), 409, "price_not_accepted", "method")).Message.ShouldContain("0.5");
        await shop.Save(rule, "balance");
        await Client.StartPurchase(new PurchaseRequest { Tenant = shop.Tenant, Pack = await Host.NewPack(shop.Type, 1, 2, "USD"), Method = "balance" }, stop: Stop);
        await shop.Run();
        (await shop.Money()).ShouldBe(25);
        shop.Fake.Intents[^1].Amount.ShouldBe(21_00);
        await Client.DeleteAutoTopUp(shop.Tenant, "balance", stop: Stop);
    }

    [Fact]
    public async Task A_threshold_in_percent_is_a_share_of_the_allowance()
    {
        await using var shop = await Open(money: 100);
        await Host.SaveTenant(shop.Tenant, await Host.NewPlan((shop.Type, 200)));
        var rule = shop.Rule with { Threshold = null, ThresholdPercent = 25 };
        (await Refused(shop.Save(rule with { ThresholdPercent = 51 }), 400, "invalid_field", "threshold_percent")).Message.ShouldContain("One order");
        await shop.Save(rule);
        await shop.Spend(150);
        await shop.Run();
        (await shop.Left()).ShouldBe(50);
        await shop.Spend(1);
        await shop.Run();
        (await shop.Left()).ShouldBe(149);
    }

    [Fact]
    public async Task Consent_is_kept_with_its_day_and_words_in_the_audit()
    {
        await using var shop = await Open(credits: 50, money: 100);
        var given = (await shop.Save()).Consent;
        Host.Clock.Advance(TimeSpan.FromDays(1));
        (await shop.Save()).Consent.ShouldBe(given, "the same again is no new consent");
        var changed = await shop.Save(shop.Rule with { MonthlyCap = 50, Consent = shop.Rule.Consent with { By = "user-2" } });
        (changed.Consent.By, changed.Consent.At).ShouldBe(("user-2", Host.Clock.GetUtcNow()));
        await shop.Delete();

        var audit = (await All(Client.ListAudit(tenant: shop.Tenant, stop: Stop))).Where(row => row.Action.StartsWith("auto_top_up", StringComparison.Ordinal)).ToList();
        audit.Select(row => row.Action).Order().ShouldBe(["auto_top_up.changed", "auto_top_up.created", "auto_top_up.deleted"]);
        audit.Single(row => row.Action == "auto_top_up.created").After!.ToString()!.ShouldContain(shop.Rule.Consent.Words);
        audit.Single(row => row.Action == "auto_top_up.changed").After!.ToString()!.ShouldContain("user-2");
    }

    [Fact]
    public async Task What_could_never_work_is_refused_when_it_is_saved()
    {
        await using var shop = await Open(credits: 50, money: 100);
        var rule = shop.Rule;
        await Refused(shop.Save(rule with { ThresholdPercent = 10 }), 400, "invalid_field", "threshold");
        await Refused(shop.Save(rule with { Threshold = null }), 400, "invalid_field", "threshold");
        await Refused(shop.Save(rule with { Threshold = 0 }), 400, "invalid_field", "threshold");
        await Refused(shop.Save(rule with { Threshold = 0.5m }), 400, "invalid_field", "threshold");
        await Refused(shop.Save(rule with { Threshold = 101 }), 400, "invalid_field", "threshold");
        await Refused(shop.Save(rule with { Threshold = null, ThresholdPercent = 0 }), 400, "invalid_field", "threshold_percent");
        await Refused(shop.Save(rule with { Threshold = null, ThresholdPercent = 100 }), 400, "invalid_field", "threshold_percent");
        await Refused(shop.Save(rule with { Pack = null }), 400, "missing_field", "pack");
        await Refused(shop.Save(rule with { Pack = "nothing" }), 404, "pack_unknown", "pack");
        await Refused(shop.Save(rule with { Pack = await Host.NewPack(await Host.NewType(), 1, 1, "USD") }), 400, "invalid_field", "type");
        await Refused(shop.Save(rule with { Target = 200 }), 400, "invalid_field", "target");
        await Refused(shop.Save(rule with { MonthlyCap = 9.99m }), 400, "invalid_field", "monthly_cap");
        await Refused(shop.Save(rule with { MonthlyCap = 30.001m }), 400, "invalid_field", "monthly_cap");
        await Refused(shop.Save(rule with { Method = "barter" }), 400, "method_unknown", "method");
        await Refused(shop.Save(rule with { Method = "mercadopago" }), 409, "method_not_offered", "method");
        await Refused(shop.Save(rule with { Consent = rule.Consent with { By = " " } }), 400, "invalid_field", "consent.by");
        await Refused(shop.Save(rule with { Consent = rule.Consent with { Words = "" } }), 400, "invalid_field", "consent.words");
        await Refused(shop.Save(rule with { Consent = rule.Consent with { Words = new string('x', 2_001) } }), 400, "invalid_field", "consent.words");
        await Refused(shop.Save(rule, "nothing"), 404, "type_unknown", "type");
        await Refused(Client.SaveAutoTopUp("nobody", shop.Type, rule, stop: Stop), 404, "tenant_unknown", "tenant");
        await Refused(Client.GetAutoTopUp(shop.Tenant, shop.Type, Stop), 404, "auto_top_up_unknown");
        using var without = new StringContent("""{"threshold":20,"pack":"x","method":"balance","monthly_cap":30}""", null, "application/json");
        var answer = await Host.Http.PutAsync(new Uri($"/v1/tenants/{shop.Tenant}/auto-top-ups/{shop.Type}", UriKind.Relative), without, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Stop)).ShouldContain("consent");
        (await Client.ListAutoTopUps(shop.Tenant, Stop)).Data.ShouldBeEmpty();
    }

    private static bool IsQuestionForCard(FakeRequest request) => request.Query.Contains("latest_charge", StringComparison.Ordinal);

    private static bool IsCharge(FakeRequest request) => request is { Method: "POST", Path: "/v1/payment_intents" };

    private protected async Task<Shop> Open(decimal credits = 0, decimal money = 0)
    {
        await Client.SaveCreditType("balance", new CreditTypeRequest { Name = "Balance", Unit = "USD", Decimals = 2, Currency = "USD" }, stop: Stop);
        var type = await Host.NewType();
        var fake = new FakeStripe(Host.Clock);
        await fake.Start();
        await Client.SavePaymentMethod("stripe", new PaymentMethodRequest
        {
            Enabled = true, SecretKey = fake.SecretKey, WebhookSecrets = [fake.WebhookSecret], ApiBase = fake.Url.ToString(),
        }, stop: Stop);
        var shop = new Shop(this, fake, await Host.NewTenant(), type, await Host.NewPack(type, 100, 10, "USD"));
        if (credits > 0) await Host.Grant(shop.Tenant, type, credits);
        if (money > 0) await Host.Grant(shop.Tenant, "balance", money, "transfer");
        return shop;
    }

    /// <summary>One tenant with a rule: less than 20 left buys 100 for 10.00, at most 30.00 a month.</summary>
    private protected sealed class Shop(AutoTopUpTests test, FakeStripe fake, string tenant, string type, string pack) : IAsyncDisposable
    {
        private int chargesBefore;
        private int intentsBefore;

        public FakeStripe Fake => fake;

        public string Tenant => tenant;

        public string Type => type;

        public string Pack => pack;

        public AutoTopUpRequest Rule { get; } = new()
        {
            Threshold = 20, Pack = pack, Method = "balance", MonthlyCap = 30,
            Consent = new ConsentRequest { By = "user-1", Words = "Charge me 10.00 when less than 20 are left." },
        };

        /// <summary>How often money was taken since the card was saved.</summary>
        public int Charges => fake.ChargesTaken - chargesBefore;

        /// <summary>How often a charge was made since then, declined or not.</summary>
        public int Attempts => fake.Intents.Count - intentsBefore;

        public Task<AutoTopUpView> Save(AutoTopUpRequest? rule = null, string? of = null) =>
            test.Client.SaveAutoTopUp(tenant, of ?? type, rule ?? Rule, stop: Stop);

        public Task<AutoTopUpView> See() => test.Client.GetAutoTopUp(tenant, type, Stop);

        public Task<AutoTopUpView> Resume() => test.Client.ResumeAutoTopUp(tenant, type, stop: Stop);

        public Task Delete() => test.Client.DeleteAutoTopUp(tenant, type, stop: Stop);

        public Task Run(CancellationToken? stop = null) => test.Host.Services.GetRequiredService<AutoTopUpWorker>().Run(stop ?? Stop);

        /// <summary>As a server that was just started.</summary>
        public Task RunAnew() => ActivatorUtilities.CreateInstance<AutoTopUpWorker>(test.Host.Services).Run(Stop);

        public async Task Spend(decimal credits)
        {
            if (credits > 0) (await test.Host.Consume(tenant, type, credits)).Allowed.ShouldBeTrue();
        }

        /// <summary>The buyer pays a pack on Stripe's page, and spends it; the id of the purchase.</summary>
        public async Task<string> SaveCard(bool agreed = true, bool spends = true)
        {
            var bought = await test.Client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = pack, Method = "stripe", SaveCard = agreed }, stop: Stop);
            fake.Pay(fake.SessionOf(bought.Id.Split('~')[1]));
            (await test.Client.CheckPurchase(bought.Id, Stop)).Status.ShouldBe("credited");
            if (spends) await Spend(100);
            (chargesBefore, intentsBefore) = (fake.ChargesTaken, fake.Intents.Count);
            return bought.Id;
        }

        public async Task<decimal> Left() => (await test.Client.GetPool(tenant, type, Stop)).Remaining.Total;

        public async Task<decimal> Money() => (await test.Client.GetPool(tenant, "balance", Stop)).Remaining.Total;

        /// <summary>The one purchase that no person ordered.</summary>
        public async Task<PurchaseView> Ordered() => (await Purchases()).ShouldHaveSingleItem();

        public async Task<List<PurchaseView>> Purchases() => [.. (await All(test.Client.ListPurchases(tenant, Stop))).Where(purchase => purchase.AutoTopUp)];

        public async Task<List<(string Type, AutoTopUpEventData Data)>> News()
        {
            var events = await test.Host.Events(tenant);
            return [.. events.Where(told => told.Type.StartsWith("autotopup.", StringComparison.Ordinal))
                .Select(told => (told.Type, told.Data.Deserialize(TopupJson.Default.AutoTopUpEventData)!))];
        }

        public async Task Until(Func<Task<bool>> isSo)
        {
            for (var tries = 0; !await isSo(); tries++)
            {
                tries.ShouldBeLessThan(500, "it took too long");
                await Task.Delay(20, Stop);
            }
        }

        /// <summary>Leaves no rule behind that another test's worker would look at.</summary>
        public async ValueTask DisposeAsync()
        {
            fake.Heal();
            await test.Client.DeleteAutoTopUp(tenant, type, stop: Stop).ContinueWith(_ => { }, TaskScheduler.Default);
            test.Host.Clock.Advance(TimeSpan.FromHours(1));
            await RunAnew();
            await fake.DisposeAsync();
        }
    }
}
