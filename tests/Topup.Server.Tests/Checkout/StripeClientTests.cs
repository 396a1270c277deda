using Shouldly;
using Topup.Server.Checkout.Providers;
using Topup.Server.Checkout.Providers.Stripe;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Checkout;

/// <summary>What becomes of a request when Stripe, or the way there, does not do as it should.</summary>
public sealed class StripeClientTests
{
    private static readonly FakeAnswer Busy = FakeStripe.Failed(503, "api_error", null, "Later.");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Parameters_are_encoded_as_Stripe_reads_them() =>
        new StripeForm()
            .Add("line_items[0][price_data][currency]", "brl")
            .Add("line_items[0][quantity]", 1)
            .Add("adaptive_pricing[enabled]", false)
            .Add("success_url", "https://a.example/?session_id={CHECKOUT_SESSION_ID}")
            .Add("name", "Créditos & more + 100%")
            .Add("customer", "")
            .ToString().ShouldBe(
                "line_items[0][price_data][currency]=brl&line_items[0][quantity]=1&adaptive_pricing[enabled]=false"
                + "&success_url=https%3A%2F%2Fa.example%2F%3Fsession_id%3D%7BCHECKOUT_SESSION_ID%7D&name=Cr%C3%A9ditos%20%26%20more%20%2B%20100%25");

    [Theory]
    [InlineData(ProviderFault.Down)]
    [InlineData(ProviderFault.LostAnswer)]
    [InlineData(ProviderFault.Garbage)]
    [InlineData(ProviderFault.ServerError)]
    [InlineData(ProviderFault.Conflict)]
    public async Task What_may_have_been_lost_is_asked_again_in_the_same_words_under_the_same_key(object fault)
    {
        await using var test = await StripeUnderTest.Start();
        test.Fake.Fail((ProviderFault)fault, times: 2);

        await test.Opened();

        test.Fake.Requests.Count.ShouldBe(3);
        test.Fake.Requests.Select(request => (request.Header("Idempotency-Key"), request.Body)).Distinct().Count().ShouldBe(1);
        test.Fake.Sessions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task It_gives_up_after_two_more_tries()
    {
        await using var test = await StripeUnderTest.Start();
        test.Fake.Fail(ProviderFault.ServerError);

        var answer = await test.Provider.Open(test.Purchase(), StripeUnderTest.Buyer, Stop);

        answer.Failure!.Kind.ShouldBe(ProviderFailureKind.Unavailable);
        test.Fake.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_server_error_that_Stripe_keeps_for_the_key_leaves_it_open_what_happened()
    {
        await using var test = await StripeUnderTest.Start();
        var purchase = test.Purchase();
        test.Fake.Say(Busy, Busy, Busy, Busy, Busy, Busy);

        (await test.Provider.Open(purchase, StripeUnderTest.Buyer, Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unavailable);
        (await test.Provider.Open(purchase, StripeUnderTest.Buyer, Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unavailable);

        test.Fake.Requests.Select(request => request.Header("Idempotency-Key")).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Stripe_says_itself_whether_to_ask_again()
    {
        await using var test = await StripeUnderTest.Start();
        test.Fake.Say(FakeStripe.Failed(400, "invalid_request_error", null, "Odd.", shouldRetry: true));
        (await test.Provider.Open(test.Purchase(), StripeUnderTest.Buyer, Stop)).Failure.ShouldBeNull();
        test.Fake.Requests.Count.ShouldBe(2);

        test.Fake.Say(FakeStripe.Failed(503, "api_error", null, "No.", shouldRetry: false));
        (await test.Provider.Open(test.Purchase(), StripeUnderTest.Buyer, Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unavailable);
        test.Fake.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Asked_too_often_it_is_not_asked_again_unless_Stripe_says_so()
    {
        await using var test = await StripeUnderTest.Start();
        test.Fake.Fail(ProviderFault.TooManyRequests, times: 1);
        (await test.Provider.Open(test.Purchase(), StripeUnderTest.Buyer, Stop)).Failure.ShouldBe(
            new ProviderFailure(ProviderFailureKind.Unavailable, "rate_limit", "Stripe gave no reason."));
        test.Fake.Requests.Count.ShouldBe(1);

        test.Fake.Say(FakeStripe.Failed(429, "invalid_request_error", "rate_limit", "Slower.", shouldRetry: true));
        (await test.Provider.Open(test.Purchase(), StripeUnderTest.Buyer, Stop)).Failure.ShouldBeNull();

        test.Fake.Say(FakeStripe.Failed(400, "invalid_request_error", "rate_limit", "Slower."));
        (await test.Provider.Open(test.Purchase(), StripeUnderTest.Buyer, Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unavailable);
    }

    [Fact]
    public async Task Whoever_waits_hears_within_the_time_for_all_tries()
    {
        await using var test = await StripeUnderTest.Start(StripeUnderTest.Hasty with { Total = TimeSpan.FromMilliseconds(600), Try = TimeSpan.FromMilliseconds(400) });
        test.Fake.SlowFor = TimeSpan.FromSeconds(20);
        test.Fake.Fail(ProviderFault.Slow);
        var started = TimeProvider.System.GetTimestamp();

        var answer = await test.Provider.Open(test.Purchase(), StripeUnderTest.Buyer, Stop);

        answer.Failure!.Code.ShouldBe("timeout");
        answer.Failure.Kind.ShouldBe(ProviderFailureKind.Unavailable);
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(3));
        test.Fake.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Who_no_longer_waits_stops_it()
    {
        await using var test = await StripeUnderTest.Start();
        test.Fake.Fail(ProviderFault.Slow);
        using var gone = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Should.ThrowAsync<OperationCanceledException>(test.Provider.Open(test.Purchase(), StripeUnderTest.Buyer, gone.Token));
    }

    [Fact]
    public async Task Every_request_says_who_asks_in_the_version_we_read()
    {
        await using var test = await StripeUnderTest.Start();
        await test.Truth(await test.Paid());

        test.Fake.Requests.Count.ShouldBe(4);
        test.Fake.Requests.ShouldAllBe(request => request.Header("Authorization") == "Bearer sk_test_fake");
        test.Fake.Requests.ShouldAllBe(request => request.Header("Stripe-Version") == "2026-07-29.dahlia");
        test.Fake.Requests.Where(request => request.Method == "POST").ShouldAllBe(request => request.Header("Idempotency-Key").StartsWith("order:"));
    }

    [Theory]
    [InlineData("", "The secret key of Stripe is not set.")]
    [InlineData("pk_test_123", "The secret key of Stripe must begin with sk_ or rk_.")]
    [InlineData("sk_test_1\n2", "The secret key of Stripe must begin with sk_ or rk_.")]
    public async Task Without_a_secret_key_nothing_is_offered_or_asked(string key, string missing)
    {
        await using var test = await StripeUnderTest.Start();
        test.Options = test.Options with { SecretKey = key };

        (await test.Provider.Missing(Stop)).ShouldBe(missing);
        (await test.Provider.Open(test.Purchase(), StripeUnderTest.Buyer, Stop)).Failure.ShouldBe(
            new ProviderFailure(ProviderFailureKind.Unavailable, "unauthorized", missing));
        test.Fake.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_restricted_key_will_do()
    {
        await using var test = await StripeUnderTest.Start();
        test.Fake.SecretKey = "rk_live_1A2b";
        test.Options = test.Options with { SecretKey = "rk_live_1A2b" };
        (await test.Provider.Missing(Stop)).ShouldBeNull();
        await test.Opened();
    }

    [Fact]
    public async Task A_key_that_is_not_accepted_is_no_answer_to_the_order_and_is_not_repeated_to_anybody()
    {
        await using var test = await StripeUnderTest.Start();
        test.Fake.SecretKey = "sk_test_other";

        var failure = (await test.Provider.Fetch(test.Purchase() with { Checkout = "cs_test_1" }, "", Stop)).Failure!;

        (failure.Kind, failure.Code).ShouldBe((ProviderFailureKind.Unavailable, "unauthorized"));
        failure.Message.ShouldNotContain("fake");
        test.Fake.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_log_names_the_request_and_neither_secrets_nor_buyers()
    {
        await using var test = await StripeUnderTest.Start();
        test.Fake.Fail(ProviderFault.Down, times: 1);
        await test.Opened();
        test.Fake.Say(FakeStripe.Failed(400, "invalid_request_error", "email_invalid", "Invalid email address: ada@example.com", "customer_email"));
        await test.Provider.Open(test.Purchase(), StripeUnderTest.Buyer, Stop);

        test.Log.ShouldContain("Warning Stripe was not reached for POST /v1/checkout/sessions");
        test.Log.ShouldContain("with 200 , request req_");
        test.Log.ShouldContain("with 400 email_invalid, request req_");
        foreach (var secret in (string[])["sk_test", "whsec", "Bearer", "ada@", "tenant-1", "500 SMS"]) test.Log.ShouldNotContain(secret);
        test.Options.ToString().ShouldNotContain("sk_test");
    }
}
