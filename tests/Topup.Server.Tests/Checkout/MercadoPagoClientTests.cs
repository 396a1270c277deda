using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Topup.Server.Checkout.Providers;
using Topup.Server.Checkout.Providers.MercadoPago;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class MercadoPagoClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ProviderFault.Down)]
    [InlineData(ProviderFault.LostAnswer)]
    [InlineData(ProviderFault.Garbage)]
    [InlineData(ProviderFault.ServerError)]
    [InlineData(ProviderFault.Conflict)]
    [InlineData(ProviderFault.Slow)]
    public async Task What_passes_is_asked_again_with_the_same_key_and_body(object fault)
    {
        await using var test = await MercadoPagoUnderTest.Start();
        test.Fake.Fail((ProviderFault)fault, times: 2);
        var row = test.NewPurchase();
        (await test.Provider.Open(row, MercadoPagoUnderTest.Buyer, Stop)).Failure.ShouldBeNull();
        var asked = test.Fake.Requests;
        asked.Count.ShouldBe(3);
        asked.Select(request => request.Header("X-Idempotency-Key")).Distinct().Single().ShouldBe(MercadoPagoKey.Of($"preference:{row.Purchase.Order}").ToString());
        asked.Select(request => request.Body).Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(ProviderFault.Down, "unreachable")]
    [InlineData(ProviderFault.LostAnswer, "unreachable")]
    [InlineData(ProviderFault.Garbage, "garbage")]
    [InlineData(ProviderFault.ServerError, "http_500")]
    [InlineData(ProviderFault.Slow, "timeout")]
    public async Task What_does_not_pass_is_given_up_in_time(object fault, string code)
    {
        await using var test = await MercadoPagoUnderTest.Start();
        test.Fake.Fail((ProviderFault)fault);
        var answer = await test.Provider.Fetch(test.NewPurchase(), "", Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop);
        answer.Failure!.Kind.ShouldBe(ProviderFailureKind.Unavailable);
        answer.Failure.Code.ShouldBe(code);
        test.Fake.Requests.Count.ShouldBeInRange(2, 5);
    }

    [Fact]
    public async Task Who_is_too_fast_waits_as_long_as_it_is_told_to()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        test.Fake.Fail(ProviderFault.TooManyRequests, times: 1);
        var started = TimeProvider.System.GetTimestamp();
        (await test.Provider.Open(test.NewPurchase(), MercadoPagoUnderTest.Buyer, Stop)).Failure.ShouldBeNull();
        TimeProvider.System.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(900));
    }

    [Fact]
    public async Task A_refusal_is_not_asked_again()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        test.Options = test.Options with { AccessToken = "APP_USR-wrong" };
        var answer = await test.Provider.Open(test.NewPurchase(), MercadoPagoUnderTest.Buyer, Stop);
        answer.Failure!.Code.ShouldBe("unauthorized");
        test.Fake.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("APP_USR-1\nX-Other: 2")]
    public async Task Without_an_access_token_nothing_is_asked(string token)
    {
        await using var test = await MercadoPagoUnderTest.Start();
        test.Options = test.Options with { AccessToken = token };
        (await test.Provider.Missing(Stop)).ShouldNotBeNull();
        (await test.Provider.Open(test.NewPurchase(), MercadoPagoUnderTest.Buyer, Stop)).Failure!.Code.ShouldBe("unauthorized");
        test.Fake.Requests.ShouldBeEmpty();
        test.Options = test.Options with { AccessToken = $" {test.Fake.AccessToken}\n" };
        (await test.Provider.Missing(Stop)).ShouldBeNull();
        (await test.Provider.Open(test.NewPurchase(), MercadoPagoUnderTest.Buyer, Stop)).Failure.ShouldBeNull();
    }

    [Fact]
    public async Task Neither_secrets_nor_bodies_are_logged()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        test.Fake.Fail(ProviderFault.ServerError, times: 2);
        var row = await test.OpenPurchase();
        await test.Provider.Refund(row, MercadoPagoUnderTest.NewRefund(row, "17", 100), Stop);
        test.Log.ShouldContain("http_500");
        test.Log.ShouldNotContain(test.Fake.AccessToken);
        test.Log.ShouldNotContain(FakeMercadoPago.WebhookSecret);
        test.Log.ShouldNotContain(MercadoPagoUnderTest.Buyer.Email);
        test.Log.ShouldNotContain(row.Title);
        test.Options.ToString().ShouldNotContain(test.Fake.AccessToken);
    }

    [Fact]
    public async Task A_caller_who_gives_up_ends_the_waiting()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        test.Fake.Fail(ProviderFault.Slow);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Should.ThrowAsync<OperationCanceledException>(() => test.Provider.Open(test.NewPurchase(), MercadoPagoUnderTest.Buyer, stop.Token));
    }

    [Fact]
    public void A_key_is_a_version_five_UUID_of_its_name()
    {
        var key = MercadoPagoKey.Of("refund:1");
        key.ShouldBe(MercadoPagoKey.Of("refund:1"));
        key.ShouldNotBe(MercadoPagoKey.Of("refund:2"));
        key.Version.ShouldBe(5);
        key.Variant.ShouldBeInRange(8, 11);
    }

    [Theory]
    [InlineData("""{"n":12.50}""", "12.50")]
    [InlineData("""{"n":"12.50"}""", "12.50")]
    [InlineData("""{"n":1e3}""", "1000")]
    [InlineData("""{"n":0.1000000000000000055511151231257827}""", "0.1000000000000000055511151231")]
    [InlineData("""{"n":null}""", null)]
    [InlineData("""{"n":{}}""", null)]
    [InlineData("""{"n":1e400}""", null)]
    [InlineData("{}", null)]
    [InlineData("[]", null)]
    public void A_number_is_read_as_a_decimal_wherever_it_stands(string json, string? number) =>
        JsonElement.Parse(json).Decimal("n")?.ToString(null as IFormatProvider).ShouldBe(number);

    [Fact]
    public void A_price_is_written_with_all_its_decimals_and_no_exponent() =>
        new JsonObject { ["price"] = 10_000_000_000_000.10m }.ToJsonString().ShouldBe("""{"price":10000000000000.10}""");
}
