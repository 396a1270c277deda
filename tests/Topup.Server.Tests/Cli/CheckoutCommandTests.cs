using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Server.Tests.Scenarios;
using Xunit;

namespace Topup.Server.Tests.Cli;

/// <summary>The commands of checkout. Buyers pay on the sandbox's page.</summary>
public sealed class CheckoutCommandTests(SqliteSandbox host) : CommandTests(host), IClassFixture<SqliteSandbox>
{
    private const string Secret = "sk_test_canary_0123456789";

    [Fact]
    public async Task A_purchase_is_followed_checked_refunded_and_receipted_by_commands_only()
    {
        var (tenant, _, pack) = await Shop();
        var first = await Order(tenant, pack);
        (await Done("purchase", "show", first.Id)).ShouldContain("pay at");
        (await Done("purchase", "cancel", first.Id)).ShouldContain("canceled");

        var second = await Order(tenant, pack);
        await Press(second, "pay-later");
        (await Done("purchase", "check", second.Id)).ShouldContain("processing");
        await Press(second, "pay");
        (await Json("purchase", "check", second.Id)).GetProperty("status").GetString().ShouldBe("credited");
        (await Done("purchase", "steps", second.Id)).ShouldContain("Paid: 12.50 USD");

        (await Done("purchase", "list", "--tenant", tenant)).ShouldSatisfyAllConditions(
            list => list.ShouldContain(first.Id), list => list.ShouldContain(second.Id));
        (await Done("purchase", "list", "--tenant", tenant, "--status", "credited")).ShouldSatisfyAllConditions(
            list => list.ShouldNotContain(first.Id), list => list.ShouldContain(second.Id));
        (await Done("purchase", "list", "--status", "canceled")).ShouldContain(first.Id);
        (await Done("purchase", "list", "--review")).ShouldNotContain(second.Id);
        (await Done("purchase", "list", "--tenant", tenant, "--review")).ShouldNotContain(second.Id);

        (await Done("purchase", "receipt", second.Id)).ShouldContain("12.50");
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await Done("purchase", "receipt", second.Id, "--file", file + ".pdf");
        await Done("purchase", "receipt", second.Id, "--file", file + ".html");
        (await File.ReadAllTextAsync(file + ".pdf", Stop)).ShouldStartWith("%PDF-");
        (await File.ReadAllTextAsync(file + ".html", Stop)).ShouldContain("<html");
        File.Delete(file + ".pdf");
        File.Delete(file + ".html");

        var refund = await Json("purchase", "refund", second.Id, "--amount", "5", "--reason", "asked", "--idempotency-key", second.Id);
        (Text(refund, "status"), refund.GetProperty("amount").GetDecimal()).ShouldBe(("succeeded", 5m));
        (await Done("purchase", "refund", second.Id, "--amount", "5", "--reason", "asked", "--idempotency-key", second.Id)).ShouldContain("replayed  yes");
        (await Done("purchase", "show", second.Id)).ShouldContain("partly_refunded");
        var (code, _, error) = await Run("purchase", "refund", second.Id, "--amount", "99", "--reason", "asked");
        (code, error.Contains("(purchase_not_refundable)", StringComparison.Ordinal)).ShouldBe((1, true));
        (code, _, error) = await Run("purchase", "review", second.Id, "--decision", "credit", "--reason", "looks right");
        (code, error.Contains("(purchase_not_in_review)", StringComparison.Ordinal)).ShouldBe((1, true));
    }

    [Fact]
    public async Task A_key_of_one_tenant_lists_that_tenants_purchases_of_the_status_it_asks_for()
    {
        var (tenant, _, pack) = await Shop();
        var canceled = await Order(tenant, pack);
        await Done("purchase", "cancel", canceled.Id);
        await Order(tenant, pack);
        await Order(await Host.NewTenant(), pack);
        using var http = Host.NewHttp(await Host.NewKey(tenant, "read"));
        using var client = new TopupClient(http);
        (await client.ListAllPurchasesPage(status: "canceled", stop: Stop)).Data.ShouldHaveSingleItem().Id.ShouldBe(canceled.Id);
        (await client.ListAllPurchasesPage(stop: Stop)).Data.Count.ShouldBe(2);
        (await client.ListAllPurchasesPage(review: true, stop: Stop)).Data.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_comparison_is_run_listed_and_shown_and_says_by_its_exit_code_whether_something_is_left()
    {
        var (tenant, type, pack) = await Shop();
        var ordered = await Order(tenant, pack);
        await Press(ordered, "pay");
        Host.Clock.Advance(TimeSpan.FromMinutes(6));
        // The sandbox has no orphans, so this ends well whether the comparison or the reconciler was first.
        var report = await Json("reconciliation", "run", "--method", "sandbox");
        report.GetProperty("methods")[0].GetProperty("orphans").GetInt32().ShouldBe(0);
        (await Client.GetPool(tenant, type, Stop)).Remaining.Total.ShouldBe(500);
        (await Done("reconciliation", "list")).ShouldContain(Text(report, "id"));
        (await Done("reconciliation", "show", Text(report, "id"))).ShouldContain("orphans");
        var (code, _, error) = await Run("reconciliation", "run", "--method", "balance");
        (code, error.Contains("(method_unknown)", StringComparison.Ordinal)).ShouldBe((1, true));

        Variables["LOST"] = Secret;
        await Done("method", "set", "stripe", "--key-from", "LOST", "--api-base", "http://127.0.0.1:1");
        var (failed, output, _) = await Run("reconciliation", "run", "--method", "stripe");
        (failed, output.Contains("stripe was not compared to the end", StringComparison.Ordinal)).ShouldBe((1, true));
    }

    [Fact]
    public async Task Keys_of_methods_come_from_the_environment_or_the_standard_input_and_are_never_shown()
    {
        Variables["STRIPE_KEY"] = Secret;
        Input = "whsec_canary_1,whsec_canary_2\n";
        var shown = await Done("method", "set", "stripe", "--enabled", "true", "--key-from", "STRIPE_KEY", "--webhook-secrets-from", "-", "--reason", "opened the account");
        shown.ShouldContain("secret_key=saved");
        shown.ShouldContain("webhook_secrets=saved");
        shown.ShouldNotContain("canary");
        (await Done("method", "list")).ShouldNotContain("canary");
        (await Json("method", "set", "stripe", "--enabled", "false")).GetProperty("offered").GetBoolean().ShouldBeFalse();
        (await Json("method", "set", "stripe")).GetProperty("enabled").GetBoolean().ShouldBeFalse("what is left out stays");
        (await Done("method", "set", "mercadopago", "--signature-mode", "strict")).ShouldContain("strict");

        foreach (var given in new[] { Secret, "NOT_SET" })
        {
            var (code, output, error) = await Run("method", "set", "stripe", "--key-from", given);
            code.ShouldBe(2);
            (output + error).ShouldNotContain(given, Case.Sensitive, "a secret that was given by mistake is not repeated");
        }
        (await Run("method", "set", "balance", "--key-from", "STRIPE_KEY")).Code.ShouldBe(2);
    }

    [Fact]
    public async Task Settings_are_shown_and_changed_and_what_is_left_out_stays()
    {
        await Done("settings", "set", "business", "--name", "Acme Ltd", "--receipt-prefix", "A-", "--tax-name", "VAT", "--tax-rate", "21");
        (await Done("settings", "set", "business", "--tax-id", "DE123")).ShouldSatisfyAllConditions(
            shown => shown.ShouldContain("Acme Ltd"), shown => shown.ShouldContain("VAT 21%"), shown => shown.ShouldContain("DE123"));
        (await Done("settings", "set", "business", "--tax-name", "", "--name", "")).ShouldSatisfyAllConditions(
            shown => shown.ShouldNotContain("Acme Ltd"), shown => shown.ShouldNotContain("VAT"), shown => shown.ShouldContain("A-"));
        (await Run("settings", "set", "business", "--tax-rate", "21")).Code.ShouldBe(2);

        await Done("settings", "set", "money", "--currency", "EUR", "--symbol", "EUR=E", "--symbol-place", "EUR=after", "--space", "EUR=true");
        (await Done("settings", "set", "money", "--decimal-separator", "EUR=,", "--thousands-separator", "EUR=.")).ShouldContain("EUR 1.234,50 E");
        (await Done("settings", "show", "money")).ShouldContain("EUR 1.234,50 E");
        await Done("settings", "set", "money", "--currency", "USD");

        (await Done("settings", "set", "checkout", "--spent-on-refund", "forgive", "--checkout-minutes", "45")).ShouldContain("forgive");
        (await Done("settings", "set", "checkout", "--spent-on-refund", "debt")).ShouldContain("45");
        (await Done("settings", "show")).ShouldSatisfyAllConditions(
            shown => shown.ShouldContain("currency"), shown => shown.ShouldContain("receipt prefix"), shown => shown.ShouldContain("checkout minutes"));
        (await Run("settings", "show", "nonsense")).Code.ShouldBe(2);
        (await Done("settings", "set", "time-zone", "America/Sao_Paulo")).ShouldSatisfyAllConditions(
            shown => shown.ShouldContain("in force"), shown => shown.ShouldContain("UTC"), shown => shown.ShouldContain("America/Sao_Paulo"));
        (await Done("settings", "show", "time-zone")).ShouldContain("America/Sao_Paulo");
        (await Run("settings", "set", "time-zone", "Atlantis/Nowhere")).Code.ShouldBe(1);
        var (code, _, error) = await Run("settings", "set", "checkout", "--redirect-delay", "11");
        (code, error.Contains("(invalid_field)", StringComparison.Ordinal)).ShouldBe((1, true));
    }

    private async Task<(string Tenant, string Type, string Pack)> Shop()
    {
        var type = await Host.NewType();
        return (await Host.NewTenant(), type, await Host.NewPack(type, 500, 12.50m, "USD"));
    }

    private Task<PurchaseView> Order(string tenant, string pack) =>
        Client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = pack, Method = "sandbox" }, stop: Stop);

    private async Task Press(PurchaseView purchase, string action)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler);
        using var answer = await http.PostAsync(new Uri($"{Host.Url}sandbox/{purchase.CheckoutUrl!.Split('/')[^1]}/{action}"), null, Stop);
    }
}
