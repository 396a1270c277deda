using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;
using Shouldly;
using Topup.Server.Messaging.Drivers.Twilio;
using Topup.Server.Tests.House;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Messaging;

public sealed class TwilioSignatureTests
{
    private const string Token = "12345";
    private const string Url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    private const string Published = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";

    private static readonly Dictionary<string, string> Params = new()
    {
        ["CallSid"] = "CA1234567890ABCDE", ["From"] = "+14158675309", ["Digits"] = "1234", ["To"] = "+18005551212", ["Caller"] = "+14158675309",
    };

    [Fact]
    public void What_Twilio_signed_is_genuine_and_the_fake_signs_like_it()
    {
        TwilioSignature.IsGenuine(Published, Url, Fields(Params), Token).ShouldBeTrue();
        FakeTwilio.Sign(Url, Params, Token).ShouldBe(Published);
    }

    [Fact]
    public void A_port_may_be_signed_or_not()
    {
        foreach (var (signed, told) in new[]
        {
            ("https://a.example:443/x?y=1", "https://a.example/x?y=1"), ("https://a.example/x", "https://a.example:443/x"),
            ("http://a.example/x", "http://a.example:80/x"), ("https://a.example/x", "https://a.example:8443/x"), ("https://[::2]/x", "https://[::2]:443/x"),
        })
            TwilioSignature.IsGenuine(FakeTwilio.Sign(signed, Params, Token), told, Fields(Params), Token).ShouldBeTrue($"{signed} {told}");
    }

    [Fact]
    public void No_part_can_be_altered()
    {
        TwilioSignature.IsGenuine(Published, Url, Fields(Params), "12346").ShouldBeFalse("another token");
        TwilioSignature.IsGenuine(FakeTwilio.Sign(Url, Params, ""), Url, Fields(Params), "").ShouldBeFalse("an empty token signs nothing");
        TwilioSignature.IsGenuine("", Url, Fields(Params), Token).ShouldBeFalse("no signature");
        TwilioSignature.IsGenuine(Published, Url + "0", Fields(Params), Token).ShouldBeFalse("another address");
        TwilioSignature.IsGenuine(Published, Url.Replace("https", "http", StringComparison.Ordinal), Fields(Params), Token).ShouldBeFalse("another scheme");
        TwilioSignature.IsGenuine(Published, Url, Fields(new Dictionary<string, string>(Params) { ["Digits"] = "1235" }), Token).ShouldBeFalse("another value");
        TwilioSignature.IsGenuine(Published, Url, Fields(new Dictionary<string, string>(Params) { ["X"] = "" }), Token).ShouldBeFalse("one more field");
        TwilioSignature.IsGenuine(Published, Url, Fields(Params.Skip(1).ToDictionary()), Token).ShouldBeFalse("one field less");
    }

    [Fact]
    public void Twilios_own_library_says_the_same_in_both_directions()
    {
        using var oracle = new Oracle();
        var random = new Random(20_260_311);
        for (var round = 0; round < 200; round++)
        {
            var url = $"https://host{round}.example/webhooks/messages/d{random.Next(9)}?message=" + Uri.EscapeDataString($"t:{random.Next()}~{random.NextInt64():x}");
            var token = "token" + random.NextInt64();
            var values = Enumerable.Range(0, random.Next(12)).ToDictionary(at => $"{(char)('A' + random.Next(50))}{at}", _ => Text(random));
            var told = new JsonObject { ["url"] = url, ["token"] = token, ["params"] = new JsonObject(values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))) };

            var signature = oracle.Ask(told)["signature"]!.GetValue<string>();
            TwilioSignature.Sign(url, Fields(values), token).ShouldBe(signature);
            FakeTwilio.Sign(url, values, token).ShouldBe(signature);
            // As it comes over the wire.
            var callback = FakeTwilio.Callback(url, values, token);
            TwilioSignature.IsGenuine(callback.Headers["x-twilio-signature"], url, TwilioSignature.Fields(callback.Body)!, token).ShouldBeTrue($"round {round}");

            var altered = random.Next(2) == 0 ? signature : Convert.ToBase64String(Convert.FromBase64String(signature).Select((part, at) => at == 3 ? (byte)(part ^ 1) : part).ToArray());
            told["signature"] = altered;
            TwilioSignature.IsGenuine(altered, url, Fields(values), token).ShouldBe(oracle.Ask(told)["accepted"]!.GetValue<bool>(), $"round {round}");
        }
    }

    private static Dictionary<string, StringValues> Fields(Dictionary<string, string> values) => values.ToDictionary(pair => pair.Key, pair => new StringValues(pair.Value));

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => (char)random.Next(32, 0x800)));

    /// <summary>Twilio's library for Node in a process of its own.</summary>
    private sealed class Oracle : IDisposable
    {
        private readonly Process node = Process.Start(new ProcessStartInfo("node", Path.Combine(Repository.Root, "tests/oracles/twilio.mjs"))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8,
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
