using System.Diagnostics;
using System.Text.Json;
using Shouldly;
using Topup.Server.Checkout.Providers;
using Topup.Server.Checkout.Providers.MercadoPago;
using Topup.Server.Tests.House;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class MercadoPagoSignatureTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private const string Id = "999999999";
    private const string RequestId = "bb56a2f1-6aae-46ac-982e-9dcd3581d08e";
    private const string Known = "ts=1704908010,v1=abd5ad6eae258482e6ab55c98de7e3f5c5525dee77605c5c1352b3200e9d77f3";

    private static readonly DateTimeOffset Then = DateTimeOffset.FromUnixTimeSeconds(1_704_908_010);

    [Fact]
    public void The_known_signature_is_genuine() => IsGenuine(Known).ShouldBeTrue();

    [Fact]
    public void Any_of_several_secrets_may_have_signed_and_blanks_around_one_do_not_count()
    {
        IsGenuine(Known, secrets: ["other", " mp_secret \n"]).ShouldBeTrue();
        IsGenuine(Known, secrets: ["other"]).ShouldBeFalse();
        IsGenuine(Known, secrets: ["", " "]).ShouldBeFalse();
        IsGenuine(Known, secrets: []).ShouldBeFalse();
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(-300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public void A_signature_holds_for_five_minutes_either_way(int seconds, bool genuine) =>
        IsGenuine(Known, now: Then.AddSeconds(seconds)).ShouldBe(genuine);

    [Theory]
    [InlineData(299_999, true)]
    [InlineData(300_001, false)]
    public void Its_time_may_be_in_milliseconds(int late, bool genuine)
    {
        var header = FakeMercadoPago.Sign("mp_secret", Id, RequestId, Then.ToUnixTimeMilliseconds());
        IsGenuine(header, now: Then.AddMilliseconds(late)).ShouldBe(genuine);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ts=1704908010")]
    [InlineData("v1=abd5ad6eae258482e6ab55c98de7e3f5c5525dee77605c5c1352b3200e9d77f3")]
    [InlineData("ts=,v1=")]
    [InlineData("ts=99999999999999999999,v1=abd5ad6eae258482e6ab55c98de7e3f5c5525dee77605c5c1352b3200e9d77f3")]
    [InlineData("ts=-1704908010,v1=abd5ad6eae258482e6ab55c98de7e3f5c5525dee77605c5c1352b3200e9d77f3")]
    [InlineData("ts=9223372036854775807,v1=abd5ad6eae258482e6ab55c98de7e3f5c5525dee77605c5c1352b3200e9d77f3")]
    [InlineData(Known + ",v1=00")]
    [InlineData(Known + ",ts=1704908010")]
    [InlineData(",,,===,")]
    public void What_is_no_signature_is_not_genuine(string header) => IsGenuine(header).ShouldBeFalse();

    [Fact]
    public void An_id_with_letters_may_have_been_signed_in_small_ones()
    {
        var header = FakeMercadoPago.Sign("mp_secret", "ord01jq4s4ky8hwq6na5pxb65b3d3", RequestId, 1_704_908_010);
        MercadoPagoSignature.IsGenuine(header, "ORD01JQ4S4KY8HWQ6NA5PXB65B3D3", RequestId, ["mp_secret"], Then).ShouldBeTrue();
    }

    [Fact]
    public async Task No_byte_of_what_is_signed_can_be_changed()
    {
        await using var test = await MercadoPagoUnderTest.Start(SignatureMode.Strict);
        var genuine = test.Fake.Webhook("payment", "86439942801", "payment.updated").AsReceived();
        (await Check(test, genuine)).Accepted.ShouldBeTrue();
        var from = genuine.Query.IndexOf("86439942801", StringComparison.Ordinal);
        foreach (var query in Mutations(genuine.Query, from, from + 11)) await Refused(test, genuine with { Query = query }, query);
        foreach (var name in new[] { "x-signature", "x-request-id" })
            foreach (var header in Mutations(genuine.Headers[name], 0, genuine.Headers[name].Length))
                await Refused(test, genuine with { Headers = new Dictionary<string, string>(genuine.Headers) { [name] = header } }, header);
    }

    [Fact]
    public async Task The_official_library_agrees_with_us()
    {
        var cases = new List<Case>();
        var random = new Random(7);
        for (var number = 0; number < 200; number++)
        {
            var (id, requestId) = (random.NextInt64(1, long.MaxValue).ToString(null as IFormatProvider), new Guid(Enumerable.Repeat((byte)number, 16).ToArray()).ToString());
            var header = FakeMercadoPago.Sign(number % 5 == 0 ? "another" : "mp_secret", id, requestId, Then.ToUnixTimeSeconds() + random.Next(-600, 600));
            if (number % 7 == 0) header = header[..^1] + (header[^1] == '0' ? '1' : '0');
            if (number % 11 == 0) header = header.Replace(",", " , ", StringComparison.Ordinal);
            if (number % 13 == 0) requestId = "";
            cases.Add(new Case(header, requestId, id, number % 17 == 0 ? "" : "mp_secret"));
        }
        var told = await AskOfficialLibrary(JsonSerializer.Serialize(new { now = Then.ToUnixTimeMilliseconds(), cases }));
        var genuine = JsonSerializer.Deserialize<bool[]>(told)!;
        genuine.ShouldContain(true);
        genuine.ShouldContain(false);
        cases.Select(one => MercadoPagoSignature.IsGenuine(one.Header, one.Id, one.RequestId, [one.Secret], Then)).ShouldBe(genuine);
    }

    private static async Task<string> AskOfficialLibrary(string question)
    {
        using var node = Process.Start(new ProcessStartInfo("node", Path.Combine(Repository.Root, "tests/oracles/mercadopago.mjs"))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        await node.StandardInput.WriteAsync(question);
        node.StandardInput.Close();
        var told = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        node.ExitCode.ShouldBe(0, "Is `npm ci --prefix tests/oracles` done?");
        return told;
    }

    private static bool IsGenuine(string header, DateTimeOffset? now = null, string[]? secrets = null) =>
        MercadoPagoSignature.IsGenuine(header, Id, RequestId, secrets ?? ["mp_secret"], now ?? Then);

    private static async Task Refused(MercadoPagoUnderTest test, Notification notification, string what) =>
        (await Check(test, notification)).Accepted.ShouldBeFalse(what);

    private static Task<NotificationVerdict> Check(MercadoPagoUnderTest test, Notification notification) =>
        test.Notifier.Check(notification, MercadoPagoUnderTest.Beginning, Stop);

    /// <summary>Each character in turn as another one, flipped by a bit, and left out.</summary>
    private static IEnumerable<string> Mutations(string text, int from, int to)
    {
        for (var at = from; at < to; at++)
        {
            for (var bit = 0; bit < 7; bit++) yield return text[..at] + (char)(text[at] ^ (1 << bit)) + text[(at + 1)..];
            yield return text[..at] + text[(at + 1)..];
        }
    }

    private sealed record Case(string Header, string RequestId, string Id, string Secret);
}
