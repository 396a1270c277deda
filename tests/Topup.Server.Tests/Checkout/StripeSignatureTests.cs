using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Topup.Server.Checkout.Providers.Stripe;
using Topup.Server.Tests.House;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class StripeSignatureTests
{
    private const string Secret = "whsec_test_secret";
    private const string Published = "29ab30b7065c11b28e53ac114fac5d6c492ed811a12d11ed2c2aad5bb4cf9809";
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"id":"evt_test_1","object":"event"}""");
    private static readonly DateTimeOffset SentAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Fact]
    public void What_Stripe_signed_is_genuine()
    {
        IsGenuine($"t=1700000000,v1={Published}").ShouldBeTrue();
        FakeStripe.Sign(Body, Secret, SentAt).ShouldBe($"t=1700000000,v1={Published}");
    }

    [Fact]
    public void One_of_several_signatures_under_one_of_several_secrets_is_enough()
    {
        var other = new string('0', 64);
        IsGenuine($"t=1700000000,v1={other},v1={Published},v0={other}").ShouldBeTrue();
        StripeSignature.IsGenuine($"t=1700000000,v1={Published}", Body, ["whsec_new", Secret], SentAt).ShouldBeTrue();
        StripeSignature.IsGenuine($"t=1700000000,v1={Published}", Body, ["", $" {Secret}\n"], SentAt).ShouldBeTrue("blanks come along when a secret is pasted");
    }

    [Theory]
    [InlineData("")]
    [InlineData("t=1700000000")]
    [InlineData("v1=" + Published)]
    [InlineData("t=,v1=" + Published)]
    [InlineData("t=1700000000,v0=" + Published)]
    [InlineData("t=1700000000,v1=")]
    [InlineData("t=1700000001,v1=" + Published)]
    [InlineData("t=+1700000000,v1=" + Published)]
    [InlineData("t=01700000000,v1=" + Published)]
    [InlineData("t=99999999999999999999,v1=" + Published)]
    [InlineData("t=999999999999,v1=" + Published)]
    [InlineData("t=1700000000;v1=" + Published)]
    [InlineData("=,=,,==")]
    public void What_is_not_signed_so_is_not_genuine(string header) => IsGenuine(header).ShouldBeFalse();

    [Fact]
    public void Another_secret_or_none_makes_nothing_genuine()
    {
        var header = $"t=1700000000,v1={Published}";
        StripeSignature.IsGenuine(header, Body, ["whsec_other"], SentAt).ShouldBeFalse();
        StripeSignature.IsGenuine(header, Body, [], SentAt).ShouldBeFalse();
        StripeSignature.IsGenuine(FakeStripe.Sign(Body, "", SentAt), Body, ["", " "], SentAt).ShouldBeFalse("an empty secret signs nothing");
    }

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-300, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void It_must_have_been_sent_within_five_minutes_before_or_after_now(int seconds, bool isGenuine) =>
        StripeSignature.IsGenuine($"t=1700000000,v1={Published}", Body, [Secret], SentAt.AddSeconds(seconds)).ShouldBe(isGenuine);

    [Fact]
    public void No_byte_of_the_body_or_the_header_can_be_altered()
    {
        var header = Encoding.ASCII.GetBytes($"t=1700000000,v1={Published}");
        foreach (var (altered, index, bit) in Mutations(Body))
            StripeSignature.IsGenuine(Encoding.ASCII.GetString(header), altered, [Secret], SentAt).ShouldBeFalse($"body, byte {index}, bit {bit}");
        foreach (var (altered, index, bit) in Mutations(header))
            StripeSignature.IsGenuine(Encoding.Latin1.GetString(altered), Body, [Secret], SentAt).ShouldBeFalse($"header, byte {index}, bit {bit}");
        foreach (var length in Enumerable.Range(0, Body.Length))
            StripeSignature.IsGenuine(Encoding.ASCII.GetString(header), Body.AsSpan(0, length), [Secret], SentAt).ShouldBeFalse($"body cut at {length}");
    }

    [Fact]
    public void Stripes_own_library_says_the_same()
    {
        using var oracle = new Oracle();
        var random = new Random(20_260_310);
        for (var round = 0; round < 200; round++)
        {
            var body = Encoding.UTF8.GetBytes(new JsonObject { ["id"] = $"evt_{round}", ["text"] = Text(random) }.ToJsonString());
            var secret = "whsec_" + random.NextInt64();
            var sentAt = SentAt.AddSeconds(random.Next(-1_000_000, 1_000_000));
            var now = sentAt.AddSeconds(random.Next(0, 400));

            var header = oracle.Ask(new JsonObject { ["body"] = Convert.ToBase64String(body), ["secret"] = secret, ["time"] = sentAt.ToUnixTimeSeconds() })["header"]!.GetValue<string>();
            FakeStripe.Sign(body, secret, sentAt).ShouldBe(header);
            if (random.Next(3) == 0) body[random.Next(body.Length)] ^= (byte)(1 << random.Next(7));

            var accepted = oracle.Ask(new JsonObject
            {
                ["body"] = Convert.ToBase64String(body), ["secret"] = secret, ["header"] = header, ["now"] = now.ToUnixTimeSeconds(),
            })["accepted"]!.GetValue<bool>();
            // It parses what it accepts, and an altered body is refused before.
            StripeSignature.IsGenuine(header, body, [secret], now).ShouldBe(accepted, $"round {round}");
        }
    }

    private static bool IsGenuine(string header) => StripeSignature.IsGenuine(header, Body, [Secret], SentAt);

    private static IEnumerable<(byte[] Altered, int Index, int Bit)> Mutations(byte[] bytes) =>
        from index in Enumerable.Range(0, bytes.Length)
        from bit in Enumerable.Range(0, 8)
        select (bytes.Select((value, at) => at == index ? (byte)(value ^ (1 << bit)) : value).ToArray(), index, bit);

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(200)).Select(_ => (char)random.Next(32, 0x800)));

    /// <summary>Stripe's library for Node in a process of its own.</summary>
    private sealed class Oracle : IDisposable
    {
        private readonly Process node = Process.Start(new ProcessStartInfo("node", Path.Combine(Repository.Root, "tests/oracles/stripe.mjs"))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;

        public JsonNode Ask(JsonObject question)
        {
            node.StandardInput.WriteLine(question.ToJsonString());
            return JsonNode.Parse(node.StandardOutput.ReadLine() ?? throw new InvalidOperationException("Is `npm ci --prefix tests/oracles` done?"))!;
        }

        public void Dispose()
        {
            node.Kill();
            node.Dispose();
        }
    }
}
