using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Topup.Client;
using Topup.Server.Tests.House;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Automation;

/// <summary>The verifier of the client, against the published example and the library of the Standard Webhooks project.</summary>
public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Timestamp = "1614265330";
    private const string Published = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly byte[] Body = """{"test": 2432232314}"""u8.ToArray();
    private static readonly ManualClock Clock = new(DateTimeOffset.FromUnixTimeSeconds(1_614_265_330));

    [Fact]
    public void The_published_example_is_true()
    {
        IsTrue(Published).ShouldBeTrue();
        IsTrue("v1,AAAA " + Published + " v1a,AAAA").ShouldBeTrue("one of several is enough");
        WebhookSignature.Verify(Secret["whsec_".Length..], Id, Timestamp, Published, Body, Clock).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1,")]
    [InlineData("v1,AAAA")]
    [InlineData("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE")]
    [InlineData("v1,h0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=,")]
    public void What_is_not_signed_so_is_not_true(string signature) => IsTrue(signature).ShouldBeFalse();

    [Fact]
    public void What_is_missing_altered_or_signed_under_another_secret_is_not_true()
    {
        WebhookSignature.Verify(Secret, null, Timestamp, Published, Body, Clock).ShouldBeFalse();
        WebhookSignature.Verify(Secret, Id, null, Published, Body, Clock).ShouldBeFalse();
        WebhookSignature.Verify(Secret, Id, Timestamp, null, Body, Clock).ShouldBeFalse();
        WebhookSignature.Verify(Secret, Id + "x", Timestamp, Published, Body, Clock).ShouldBeFalse();
        WebhookSignature.Verify(Secret, Id, "1614265331", Published, Body, Clock).ShouldBeFalse();
        WebhookSignature.Verify(Secret, Id, "+1614265330", Published, Body, Clock).ShouldBeFalse();
        WebhookSignature.Verify("whsec_" + Convert.ToBase64String(new byte[24]), Id, Timestamp, Published, Body, Clock).ShouldBeFalse();
        for (var i = 0; i < Body.Length; i++)
        {
            var altered = Body.ToArray();
            altered[i] ^= 1;
            WebhookSignature.Verify(Secret, Id, Timestamp, Published, altered, Clock).ShouldBeFalse($"byte {i}");
        }
        Should.Throw<FormatException>(() => WebhookSignature.Verify("whsec_!", Id, Timestamp, Published, Body, Clock));
    }

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-300, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void It_must_be_from_five_minutes_before_or_after_now(int seconds, bool isTrue)
    {
        var clock = new ManualClock(Clock.GetUtcNow().AddSeconds(seconds));
        WebhookSignature.Verify(Secret, Id, Timestamp, Published, Body, clock).ShouldBe(isTrue);
        WebhookSignature.Verify(Secret, Id, Timestamp, Published, Body, clock, TimeSpan.FromHours(1)).ShouldBeTrue();
    }

    [Fact]
    public void The_projects_own_library_says_the_same()
    {
        using var oracle = new WebhookOracle();
        var random = new Random(20_260_310);
        for (var round = 0; round < 200; round++)
        {
            var body = Encoding.UTF8.GetBytes(new JsonObject { ["round"] = round, ["text"] = Text(random) }.ToJsonString());
            var key = new byte[random.Next(24, 65)];
            random.NextBytes(key);
            var (secret, id, time) = ("whsec_" + Convert.ToBase64String(key), $"event-{round}", random.NextInt64(1_000_000_000, 2_000_000_000));
            var signature = oracle.Sign(secret, id, time, body);
            if (random.Next(3) == 0) signature = "v1,AAAA " + signature;
            if (random.Next(3) == 0) body[random.Next(body.Length)] ^= 1;
            var now = time + random.Next(-400, 400);

            WebhookSignature.Verify(secret, id, time.ToString(CultureInfo.InvariantCulture), signature, body, new ManualClock(DateTimeOffset.FromUnixTimeSeconds(now)))
                .ShouldBe(oracle.Accepts(secret, id, time, signature, body, now), $"round {round}");
        }
    }

    /// <summary>The example for receivers in JavaScript, as it is written in the guide.</summary>
    [Fact]
    public async Task The_guides_example_says_the_same()
    {
        var example = Repository.Read("docs/webhooks.md").Split("```js\n")[1].Split("```")[0];
        var headers = new JsonObject { ["webhook-id"] = Id, ["webhook-timestamp"] = Timestamp, ["webhook-signature"] = "v1,AAAA " + Published };
        var program = $$"""
            {{example}}
            Date.now = () => {{Timestamp}} * 1000;
            const ask = (headers, body) => isTrue('{{Secret}}', headers, Buffer.from(body));
            const headers = {{headers.ToJsonString()}};
            const body = '{{Encoding.UTF8.GetString(Body)}}';
            const old = ask(headers, body) && (Date.now = () => ({{Timestamp}} + 301) * 1000, ask(headers, body));
            Date.now = () => {{Timestamp}} * 1000;
            console.log(ask(headers, body), ask(headers, body + ' '), ask({ ...headers, 'webhook-id': 'x' }, body), ask({}, body), old);
            """;
        using var node = Process.Start(new ProcessStartInfo("node", ["--input-type=module", "-e", program]) { RedirectStandardOutput = true })!;
        (await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim().ShouldBe("true false false false false");
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static bool IsTrue(string signature) => WebhookSignature.Verify(Secret, Id, Timestamp, signature, Body, Clock);

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(100)).Select(_ => (char)random.Next(32, 0x800)));
}

/// <summary>The library of the Standard Webhooks project for Node, in a process of its own.</summary>
internal sealed class WebhookOracle : IDisposable
{
    private readonly Process node = Process.Start(new ProcessStartInfo("node", Path.Combine(Repository.Root, "tests/oracles/standardwebhooks.mjs"))
    {
        RedirectStandardInput = true, RedirectStandardOutput = true,
    })!;

    public string Sign(string secret, string id, long time, byte[] body) => Ask(new JsonObject
    {
        ["id"] = id, ["body"] = Convert.ToBase64String(body), ["secret"] = secret, ["time"] = time,
    })["signature"]!.GetValue<string>();

    public bool Accepts(string secret, string id, long time, string signature, byte[] body, long now) => Ask(new JsonObject
    {
        ["id"] = id, ["body"] = Convert.ToBase64String(body), ["secret"] = secret, ["time"] = time, ["signature"] = signature, ["now"] = now,
    })["accepted"]!.GetValue<bool>();

    public void Dispose()
    {
        node.Kill();
        node.Dispose();
    }

    private JsonNode Ask(JsonObject question)
    {
        node.StandardInput.WriteLine(question.ToJsonString());
        return JsonNode.Parse(node.StandardOutput.ReadLine() ?? throw new InvalidOperationException("Is `npm ci --prefix tests/oracles` done?"))!;
    }
}
