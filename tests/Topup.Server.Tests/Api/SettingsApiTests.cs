using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Contracts;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Api;

public sealed class SettingsApiOnSqlite(SqliteHost host) : SettingsApiTests(host), IClassFixture<SqliteHost>;

public sealed class SettingsApiOnPostgres(PostgresHost host) : SettingsApiTests(host), IClassFixture<PostgresHost>;

public abstract class SettingsApiTests(HostFixture fixture) : ServerTests(fixture)
{
    private const string SecretKeySetting = "--Topup:SecretKey=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    /// <summary>One dot.</summary>
    private const string Png = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Fact]
    public async Task Money_is_shown_as_the_operator_says_and_else_as_its_country_does()
    {
        await using var server = await Fixture.NewHost();
        (await server.Client.GetMoneySettings(Stop)).Currency.ShouldBe("USD");
        var saved = await server.Client.SaveMoneySettings(new MoneySettings
        {
            Currency = "TRY",
            Styles = new Dictionary<string, MoneyStyleSettings> { ["TRY"] = new() { Symbol = "TL", SymbolPlace = "after", Space = true, DecimalSeparator = ",", ThousandsSeparator = "." } },
        }, stop: Stop);
        (saved.Currency, saved.Styles!["TRY"].Symbol, saved.Styles["TRY"].SymbolPlace).ShouldBe(("TRY", "TL", "after"));
        (await server.Client.GetMoneySettings(Stop)).ShouldBeEquivalentTo(saved);

        var receipt = await BoughtIn(server, "TRY", 1234.50m);
        WebUtility.HtmlDecode(await server.Client.GetReceiptPage(receipt, Stop)).ShouldContain("1.234,50\u00a0TL");
    }

    [Theory]
    [InlineData("currency", "XXX1", null, null)]
    [InlineData("styles", "USD", "NOPE", "$")]
    [InlineData("styles.USD.symbol", "USD", "USD", "too long a symbol")]
    [InlineData("styles.USD.symbol", "USD", "USD", "4")]
    public async Task What_money_settings_cannot_be_is_named(string field, string currency, string? style, string? symbol) =>
        await Refused(Client.SaveMoneySettings(new MoneySettings
        {
            Currency = currency,
            Styles = style is null ? null : new Dictionary<string, MoneyStyleSettings> { [style] = new() { Symbol = symbol } },
        }, stop: Stop), 400, "invalid_field", field);

    [Fact]
    public async Task Decimals_and_thousands_are_set_apart_by_different_signs()
    {
        var style = new MoneyStyleSettings { DecimalSeparator = ",", ThousandsSeparator = "," };
        await Refused(Client.SaveMoneySettings(
            new MoneySettings { Currency = "EUR", Styles = new Dictionary<string, MoneyStyleSettings> { ["EUR"] = style } }, stop: Stop),
            400, "invalid_field", "styles.EUR.thousands_separator");
    }

    [Fact]
    public async Task A_checkout_is_within_its_limits()
    {
        foreach (var (settings, field) in new (CheckoutSettings, string)[]
                 {
                     (new() { CheckoutMinutes = 29 }, "checkout_minutes"), (new() { CheckoutMinutes = 1_441 }, "checkout_minutes"),
                     (new() { RedirectDelay = 11 }, "redirect_delay"), (new() { RedirectDelay = -1 }, "redirect_delay"),
                     (new() { SpentOnRefund = "maybe" }, "spent_on_refund"), (new() { DefaultMethod = "cash" }, "default_method"),
                 })
            await Refused(Client.SaveCheckoutSettings(settings, stop: Stop), 400, "invalid_field", field);
        var defaults = await Client.GetCheckoutSettings(Stop);
        (defaults.SpentOnRefund, defaults.CheckoutMinutes, defaults.RedirectDelay).ShouldBe(("debt", 60, 3));
    }

    [Fact]
    public async Task A_brand_is_kept_as_chosen_and_shown_as_it_can_be_read()
    {
        await using var server = await Fixture.NewHost();
        var client = server.Client;
        (await client.GetBrandSettings(Stop)).ShouldSatisfyAllConditions(brand => brand.Name.ShouldBeNull(), brand => brand.Colours!.Light.Accent.ShouldBe("#0b5cad"));
        var saved = await client.SaveBrandSettings(new BrandSettings { Name = "Acme", Accent = "#FFD43B", MenuLabel = "Credits", Logo = Png }, stop: Stop);
        (saved.Accent, saved.Colours!.Dark.Accent).ShouldBe(("#ffd43b", "#ffd43b"));
        saved.Colours.Light.Accent.ShouldNotBe("#ffd43b", "yellow is not read on white");
        (await client.SaveBrandSettings(await client.GetBrandSettings(Stop), stop: Stop)).ShouldBe(saved, "what is read can be saved again");
        (await client.ListAuditPage(stop: Stop)).Data.Where(change => change.Target == "brand").ShouldHaveSingleItem().After!.Value.GetRawText()
            .ShouldSatisfyAllConditions(after => after.ShouldContain("sha256:"), after => after.ShouldNotContain("base64"));
    }

    [Fact]
    public async Task What_a_brand_cannot_be_is_named()
    {
        foreach (var (brand, field) in new (BrandSettings, string)[]
                 {
                     (new() { Name = new string('x', 61) }, "name"), (new() { Accent = "blue" }, "accent"), (new() { Button = "#12345" }, "button"),
                     (new() { MenuLabel = "two\nlines" }, "menu_label"), (new() { Logo = "https://example.com/logo.png" }, "logo"),
                     (new() { Logo = "data:image/svg+xml;base64,PHN2Zy8+" }, "logo"), (new() { Logo = "data:image/png;base64,PHN2Zy8+" }, "logo"),
                     (new() { Logo = Png + new string('A', 90_000) }, "logo"),
                 })
            await Refused(Client.SaveBrandSettings(brand, stop: Stop), 400, "invalid_field", field);
    }

    [Fact]
    public async Task What_the_portal_shows_has_defaults_and_codes_are_codes()
    {
        await using var server = await Fixture.NewHost();
        var unset = await server.Client.GetPortalSettings(Stop);
        (unset.ShowRemaining, unset.ShowPlanCredits, unset.ShowDescriptions, unset.HiddenTypes!.Count).ShouldBe((true, true, true, 0));
        var saved = await server.Client.SavePortalSettings(new PortalSettings { ShowRemaining = false, HiddenTypes = ["voice", "sms", "sms"] }, stop: Stop);
        (saved.ShowRemaining, string.Join(',', saved.HiddenTypes!)).ShouldBe((false, "sms,voice"));
        await Refused(server.Client.SavePortalSettings(new PortalSettings { HiddenTypes = ["ok", "Not a code"] }, stop: Stop), 400, "invalid_field", "hidden_types[1]");
        using var nothing = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        (await server.Http.PutAsync(new Uri("/v1/settings/portal", UriKind.Relative), nothing, Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_time_zone_that_is_saved_holds_from_the_next_start_wins_over_the_setting_and_turns_no_period_twice()
    {
        var folder = Directory.CreateTempSubdirectory("topup-zone-");
        string[] start =
        [
            "--Topup:Data=" + folder.FullName, "--Topup:Database=" + (this is SettingsApiOnPostgres ? await (await PrivatePostgres.Shared).NewDatabase() : ""),
            "--Topup:TimeZone=Europe/Istanbul",
        ];
        var (istanbul, saoPaulo) = (new DateTimeOffset(2026, 3, 31, 21, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 4, 1, 3, 0, 0, TimeSpan.Zero));
        await using (var first = await Fixture.NewHost(start))
        {
            Shown(await first.Client.GetTimeZone(Stop)).ShouldBe((null, "Europe/Istanbul"));
            Shown(await first.Client.SaveTimeZone(new TimeZoneRequest { TimeZone = "America/Sao_Paulo" }, "we moved", Stop)).ShouldBe(("America/Sao_Paulo", "Europe/Istanbul"));
            Shown(await first.Client.GetTimeZone(Stop)).ShouldBe(("America/Sao_Paulo", "Europe/Istanbul"));
            first.Services.GetRequiredService<TimeZoneInfo>().Id.ShouldBe("Europe/Istanbul");
            var change = (await first.Client.ListAuditPage(stop: Stop)).Data.Where(entry => entry.Target == "time_zone").ShouldHaveSingleItem();
            (change.Action, change.Reason, change.After!.Value.GetRawText()).ShouldBe(("settings.changed", "we moved", """{"time_zone":"America/Sao_Paulo"}"""));

            await first.Client.SaveCreditType("sms", new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0 }, stop: Stop);
            await first.SavePlan("basic", ("sms", 10));
            await first.SaveTenant("acme", "basic", renewalDay: 1);
            (await first.Consume("acme", "sms", 10)).Remaining.ResetsAt.ShouldBe(istanbul);
        }
        await using (var second = await Fixture.NewHost(start))
        {
            Shown(await second.Client.GetTimeZone(Stop)).ShouldBe(("America/Sao_Paulo", "America/Sao_Paulo"));
            await second.SaveTenant("new", "basic", renewalDay: 1);
            (await second.Consume("new", "sms", 1)).Remaining.ResetsAt.ShouldBe(saoPaulo);
            (await second.Client.GetPool("acme", "sms", Stop)).Remaining.ShouldSatisfyAllConditions(left => left.Total.ShouldBe(0), left => left.ResetsAt.ShouldBe(istanbul));
            foreach (var moment in new[] { istanbul, saoPaulo, saoPaulo.AddDays(29) })
            {
                second.Clock.Set(moment);
                await second.Client.ConsumeCredits(new ConsumeRequest { Tenant = "acme", Type = "sms", Amount = 100, OnShortage = "cap" }, stop: Stop);
            }
            (await second.Events("acme")).Count(news => news.Type == "allowance.reset").ShouldBe(1, "April came once");
        }
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Atlantis/Nowhere")]
    [InlineData("E. South America Standard Time")]
    [InlineData("America")]
    [InlineData("../zoneinfo/UTC")]
    [InlineData("/etc/localtime")]
    [InlineData("/dev/zero")]
    [InlineData("right/UTC")]
    [InlineData("America/Argentina/a-name-that-is-longer-than-the-sixty-four-characters")]
    public async Task What_a_time_zone_cannot_be_is_named_and_nothing_is_saved(string zone)
    {
        var before = await Client.GetTimeZone(Stop);
        (await Refused(Client.SaveTimeZone(new TimeZoneRequest { TimeZone = zone }, stop: Stop), 400, "invalid_field", "time_zone")).Message.ShouldContain("64");
        (await Client.GetTimeZone(Stop)).ShouldBe(before);
        foreach (var body in new[] { "{}", """{"time_zone":null}""", """{"time_zone":7}""" })
        {
            using var wrong = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var answer = await Host.Http.PutAsync(new Uri("/v1/settings/time-zone", UriKind.Relative), wrong, Stop);
            ((int)answer.StatusCode, (await answer.Content.ReadAsStringAsync(Stop)).Contains("time_zone", StringComparison.Ordinal)).ShouldBe((400, true), body);
        }
    }

    [Fact]
    public async Task Keys_of_providers_are_written_and_never_read_back()
    {
        await using var server = await Fixture.NewHost(SecretKeySetting);
        var client = server.Client;
        (await Stripe(client)).ShouldSatisfyAllConditions(
            stripe => (stripe.Enabled, stripe.Ready, stripe.Offered).ShouldBe((true, false, false)), stripe => stripe.Missing.ShouldNotBeNull());

        await client.SavePaymentMethod("stripe", new PaymentMethodRequest { Enabled = true, SecretKey = "sk_test_canary1", WebhookSecrets = ["whsec_canary2"] }, stop: Stop);
        var saved = await Stripe(client);
        (saved.Ready, saved.Offered, saved.Missing, saved.Fields["secret_key"], saved.Fields["webhook_secrets"]).ShouldBe((true, true, null, "saved", "saved"));
        (await server.Http.GetStringAsync(new Uri("/v1/payment-methods", UriKind.Relative), Stop)).ShouldNotContain("canary");
        (await server.Http.GetStringAsync(new Uri("/v1/audit", UriKind.Relative), Stop)).ShouldSatisfyAllConditions(
            audit => audit.ShouldContain("payment_method.changed"), audit => audit.ShouldNotContain("canary"));

        await client.SavePaymentMethod("stripe", new PaymentMethodRequest { Enabled = false }, stop: Stop);
        (await Stripe(client)).ShouldSatisfyAllConditions(stripe => stripe.Offered.ShouldBeFalse(), stripe => stripe.Ready.ShouldBeTrue("what is left out is kept"));
        await client.SavePaymentMethod("stripe", new PaymentMethodRequest { Enabled = true, SecretKey = "" }, stop: Stop);
        (await Stripe(client)).Offered.ShouldBeFalse("an empty key is forgotten");
    }

    [Fact]
    public async Task A_saved_key_is_not_sent_to_another_address()
    {
        await using var server = await Fixture.NewHost(SecretKeySetting);
        await server.Client.SavePaymentMethod("stripe", new PaymentMethodRequest { Enabled = true, SecretKey = "sk_test_1" }, stop: Stop);
        await Refused(server.Client.SavePaymentMethod("stripe", new PaymentMethodRequest { Enabled = true, ApiBase = "https://stripe.example.com" }, stop: Stop),
            400, "invalid_field", "secret_key");
        await Refused(server.Client.SavePaymentMethod("stripe", new PaymentMethodRequest { Enabled = true, ApiBase = "http://stripe.example.com", SecretKey = "sk_test_2" }, stop: Stop),
            400, "invalid_field", "api_base");
    }

    [Fact]
    public async Task What_the_environment_sets_cannot_be_saved_over()
    {
        await using var server = await Fixture.NewHost("--Topup:Stripe:SecretKey=sk_test_environment");
        (await Stripe(server.Client)).Fields["secret_key"].ShouldBe("environment");
        await Refused(server.Client.SavePaymentMethod("stripe", new PaymentMethodRequest { Enabled = true, SecretKey = "sk_test_2" }, stop: Stop),
            409, "set_by_environment", "secret_key");
        await Refused(server.Client.SavePaymentMethod("stripe", new PaymentMethodRequest { Enabled = true, ApiBase = "https://stripe.example.com" }, stop: Stop),
            409, "set_by_environment", "api_base");
    }

    [Fact]
    public async Task A_method_that_is_not_offered_sells_nothing_and_one_that_there_is_not_is_named()
    {
        var pack = await Host.NewPack(await Host.NewType(), 10, 5, "USD");
        var tenant = await Host.NewTenant();
        await Refused(Client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = pack, Method = "stripe" }, "k1", Stop), 409, "method_not_offered", "method");
        await Refused(Client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = pack, Method = "sandbox" }, "k2", Stop), 400, "method_unknown", "method");
        await Refused(Client.SavePaymentMethod("sandbox", new PaymentMethodRequest { Enabled = true }, stop: Stop), 404, "method_unknown", "method");
    }

    [Fact]
    public async Task Settings_are_not_for_a_key_of_one_tenant()
    {
        var tenant = await Host.NewTenant();
        var key = await Client.CreateApiKey(new ApiKeyRequest { Name = "bound", Scopes = ["read"], Tenant = tenant }, stop: Stop);
        using var http = Host.NewHttp(key.Key);
        foreach (var path in new[] { "/v1/payment-methods", "/v1/settings/money", "/v1/settings/business", "/v1/settings/checkout", "/v1/settings/brand", "/v1/settings/portal", "/v1/settings/time-zone" })
            (await http.GetAsync(new Uri(path, UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
    }

    private static (string? Saved, string InForce) Shown(TimeZoneView zone) => (zone.TimeZone, zone.TimeZoneInForce);

    private static async Task<PaymentMethodView> Stripe(Topup.Client.TopupClient client) =>
        (await client.ListPaymentMethods(Stop)).Data.Single(method => method.Method == "stripe");

    private static async Task<string> BoughtIn(TestHost server, string currency, decimal price)
    {
        var tenant = await server.NewTenant();
        var pack = await server.NewPack(await server.NewType(), 100, price, currency);
        await server.Grant(tenant, await server.NewType(2, currency), price);
        return (await server.Client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = pack, Method = "balance" }, "buy", Stop)).Id;
    }
}
