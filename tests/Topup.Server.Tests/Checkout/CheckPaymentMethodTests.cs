using System.Net;
using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class CheckPaymentMethodOnSqlite(SqlitePayments payments) : CheckPaymentMethodTests(payments), IClassFixture<SqlitePayments>;

public sealed class CheckPaymentMethodOnPostgres(PostgresPayments payments) : CheckPaymentMethodTests(payments), IClassFixture<PostgresPayments>;

public abstract class CheckPaymentMethodTests(PaymentsFixture payments) : ServerTests(payments)
{
    [Theory]
    [InlineData("stripe")]
    [InlineData("mercadopago")]
    public async Task A_key_that_the_provider_takes_is_shown_to_work_until_there_is_another_one(string method)
    {
        (await Saved(method)).LastCheck.ShouldBeNull("nobody asked yet");
        var check = await Client.CheckPaymentMethod(method, Stop);
        (check.Works, check.Mode, check.Reason, check.At).ShouldBe((true, "test", null, Host.Clock.GetUtcNow()));
        (await Saved(method)).LastCheck.ShouldBe(check);

        await Client.SavePaymentMethod(method, new PaymentMethodRequest { Enabled = true }, stop: Stop);
        (await Saved(method)).LastCheck.ShouldBe(check, "the key is the same");
        var keys = payments.TillOf(method).Keys;
        await Client.SavePaymentMethod(method, Wrong(keys), stop: Stop);
        (await Saved(method)).LastCheck.ShouldBeNull("of this key nothing is known");
        var refused = await Client.CheckPaymentMethod(method, Stop);
        (refused.Works, refused.Mode).ShouldBe((false, null));
        refused.Reason!.ShouldContain("does not accept");
        (await Host.Http.GetStringAsync(new Uri("/v1/payment-methods", UriKind.Relative), Stop)).ShouldNotContain("canary");

        await Client.SavePaymentMethod(method, keys, stop: Stop);
        (await Saved(method)).LastCheck.ShouldBeNull("the last check was of another key");
    }

    [Fact]
    public async Task What_is_not_set_up_says_what_it_lacks_and_what_there_is_not_is_named()
    {
        await using var bare = await Fixture.NewHost();
        var check = await bare.Client.CheckPaymentMethod("stripe", Stop);
        check.Works.ShouldBeFalse();
        check.Reason!.ShouldContain("not set");
        (await bare.Client.CheckPaymentMethod("balance", Stop)).Works.ShouldBeTrue();
        await Refused(bare.Client.CheckPaymentMethod("cash", Stop), 404, "method_unknown", "method");
        var key = await bare.Client.CreateApiKey(new ApiKeyRequest { Name = "reads", Scopes = ["read"] }, stop: Stop);
        using var http = bare.NewHttp(key.Key);
        (await http.PostAsync(new Uri("/v1/payment-methods/stripe/check", UriKind.Relative), null, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task<PaymentMethodView> Saved(string method) => (await Client.ListPaymentMethods(Stop)).Data.Single(view => view.Method == method);

    private static PaymentMethodRequest Wrong(PaymentMethodRequest keys) => keys with
    {
        SecretKey = keys.SecretKey is null ? null : "sk_test_canary", AccessToken = keys.AccessToken is null ? null : "APP_USR-canary",
    };
}
