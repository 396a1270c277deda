using System.Net;
using System.Text;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Api;

/// <summary>How the client behaves when the network or the server does not. Its server here is a script.</summary>
public sealed class ClientTests
{
    private static readonly ConsumeRequest Use = new() { Tenant = "t", Type = "sms" };

    private static readonly TopupClientOptions Hasty = new() { DelayFirst = TimeSpan.FromMilliseconds(1), DelayMax = TimeSpan.FromMilliseconds(4) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_keyed_change_is_sent_again_with_the_same_key_until_it_is_answered()
    {
        using var script = new Script(Cut, Busy(429), Busy(503), Cut, Cut, Allowed);
        using var client = new TopupClient(script.Http, Hasty);

        (await client.ConsumeCredits(Use, stop: Stop)).Allowed.ShouldBeTrue();

        script.Keys.Count.ShouldBe(6);
        script.Keys.Distinct().Count().ShouldBe(1);
        Guid.TryParse(script.Keys[0], out var key).ShouldBeTrue();
        key.Version.ShouldBe(7);
    }

    [Fact]
    public async Task Two_calls_have_two_keys_unless_the_caller_says_otherwise()
    {
        using var script = new Script(Allowed, Allowed, Allowed);
        using var client = new TopupClient(script.Http, Hasty);
        await client.ConsumeCredits(Use, stop: Stop);
        await client.ConsumeCredits(Use, stop: Stop);
        await client.ConsumeCredits(Use, "mine", Stop);
        script.Keys.Distinct().Count().ShouldBe(3);
        script.Keys[2].ShouldBe("mine");
    }

    [Fact]
    public async Task It_gives_up_after_the_last_retry_with_what_the_server_said_last()
    {
        using var script = new Script(Busy(503), Busy(503), Busy(429));
        using var client = new TopupClient(script.Http, Hasty with { RetryMax = 2 });
        (await Should.ThrowAsync<TopupException>(client.ConsumeCredits(Use, stop: Stop))).Status.ShouldBe(429);
        script.Keys.Count.ShouldBe(3);

        using var dead = new Script(Cut, Cut, Cut);
        using var other = new TopupClient(dead.Http, Hasty with { RetryMax = 2 });
        await Should.ThrowAsync<HttpRequestException>(other.GetTenant("t", Stop));
        dead.Keys.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_refusal_is_not_sent_again_and_says_all_that_the_server_said()
    {
        using var script = new Script(Refused);
        using var client = new TopupClient(script.Http, Hasty);

        var refused = await Should.ThrowAsync<TopupException>(client.ConsumeCredits(Use, stop: Stop));

        (refused.Code, refused.Status, refused.Field, refused.Limit).ShouldBe(("invalid_field", 400, "amount", 5m));
        refused.Message.ShouldBe("Too much. (invalid_field)");
        script.Keys.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_could_happen_twice_is_never_sent_again()
    {
        using var script = new Script(Cut, Allowed);
        using var client = new TopupClient(script.Http, Hasty);
        await Should.ThrowAsync<HttpRequestException>(client.CreateApiKey(new ApiKeyRequest { Name = "x", Scopes = ["read"] }, stop: Stop));
        script.Keys.Count.ShouldBe(1);
    }

    [Fact]
    public async Task It_waits_as_long_as_the_server_asks_but_never_longer_than_its_own_limit()
    {
        using var script = new Script(Busy(429, retryAfter: 1), Allowed);
        using var client = new TopupClient(script.Http, Hasty with { DelayMax = TimeSpan.FromSeconds(5) });
        var started = TimeProvider.System.GetTimestamp();
        await client.ConsumeCredits(Use, stop: Stop);
        TimeProvider.System.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.95));

        using var rude = new Script(Busy(429, retryAfter: 86_400), Allowed);
        using var other = new TopupClient(rude.Http, Hasty);
        (await other.ConsumeCredits(Use, stop: Stop)).Allowed.ShouldBeTrue();
    }

    [Fact]
    public async Task The_time_for_a_call_with_all_its_retries_is_bounded()
    {
        using var silent = new Script(Silence);
        using var client = new TopupClient(silent.Http, Hasty with { Timeout = TimeSpan.FromMilliseconds(50) });
        await Should.ThrowAsync<TimeoutException>(client.ConsumeCredits(Use, stop: Stop));

        using var busy = new Script(Busy(429, retryAfter: 60));
        using var other = new TopupClient(busy.Http, Hasty with { DelayMax = TimeSpan.FromMinutes(1), Timeout = TimeSpan.FromSeconds(5) });
        await Should.ThrowAsync<TopupException>(other.ConsumeCredits(Use, stop: Stop));

        using var stopped = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        using var third = new TopupClient(new Script(Silence).Http, Hasty);
        await Should.ThrowAsync<OperationCanceledException>(third.ConsumeCredits(Use, stop: stopped.Token));
    }

    [Fact]
    public async Task An_answer_that_is_not_of_a_Topup_server_is_told_as_one()
    {
        using var script = new Script((_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.BadGateway) { Content = new StringContent("<html>") }));
        using var client = new TopupClient(script.Http, Hasty);
        var refused = await Should.ThrowAsync<TopupException>(client.GetTenant("t", Stop));
        (refused.Status, refused.Problem.Type).ShouldBe((502, "about:blank"));
    }

    private delegate Task<HttpResponseMessage> Act(HttpRequestMessage request, CancellationToken stop);

    private static Task<HttpResponseMessage> Cut(HttpRequestMessage request, CancellationToken stop) =>
        throw new HttpRequestException("The connection was cut.");

    private static async Task<HttpResponseMessage> Silence(HttpRequestMessage request, CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop);
        throw new InvalidOperationException();
    }

    private static Task<HttpResponseMessage> Allowed(HttpRequestMessage request, CancellationToken stop) => Task.FromResult(Json(200,
        """
        {"allowed":true,"drawn":{"allowance":1,"purchased":0,"lots":[]},"remaining":{"allowance":1,"unlimited":false,"purchased":0,"held":0,
        "debt":0,"total":1,"a_field_of_a_later_version":1},"replayed":false}
        """));

    private static Task<HttpResponseMessage> Refused(HttpRequestMessage request, CancellationToken stop) => Task.FromResult(Json(400,
        """{"type":"urn:topup:problem:invalid_field","title":"x","status":400,"detail":"Too much.","code":"invalid_field","field":"amount","limit":5}"""));

    private static Act Busy(int status, int retryAfter = 0) => (_, _) =>
    {
        var response = Json(status, $$"""{"type":"x","title":"x","status":{{status}},"detail":"Busy.","code":"too_many_waiting"}""");
        if (retryAfter > 0) response.Headers.Add("Retry-After", retryAfter.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Task.FromResult(response);
    };

    private static HttpResponseMessage Json(int status, string body) =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private sealed class Script : HttpMessageHandler
    {
        private readonly Queue<Act> acts;

        public Script(params Act[] acts)
        {
            this.acts = new Queue<Act>(acts);
            Http = new HttpClient(this) { BaseAddress = new Uri("http://127.0.0.1:1") };
        }

        public HttpClient Http { get; }

        public List<string> Keys { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Keys.Add(request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : "");
            return acts.Dequeue()(request, cancellationToken);
        }
    }
}
