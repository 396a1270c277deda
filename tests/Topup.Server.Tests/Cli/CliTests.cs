using Shouldly;
using Topup.Cli;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Cli;

/// <summary>Every command, in this process, against a real server.</summary>
public sealed class CliTests(SqliteHost host) : CommandTests(host), IClassFixture<SqliteHost>
{
    [Fact]
    public async Task A_tenant_tops_up_and_spends_by_commands_only()
    {
        (await Done("type", "save", "sms", "--name", "SMS", "--unit", "message", "--low-percent", "0")).ShouldNotContain("low percent");
        await Done("type", "save", "money", "--name", "Money", "--unit", "USD", "--decimals", "2", "--currency", "USD");
        await Done("plan", "save", "basic", "--name", "Basic", "--allowance", "sms=5", "--rollover", "sms=0..2", "--top-up", "sms", "--reason", "first plan");
        await Done("pack", "save", "p-100", "--type", "sms", "--name", "100 SMS", "--credits", "100", "--price", "9.90", "--currency", "USD");
        (await Done("pack", "save", "p-any", "--type", "sms", "--name", "SMS", "--credits", "100", "--price", "9.90", "--currency", "USD",
            "--min-price", "5", "--max-price", "500", "--bonus", "50=10", "--bonus", "100=20")).ShouldContain("50.00=10, 100.00=20");
        (await Done("rate-card", "save", "basic-1", "--plan", "basic", "--rate", "text=sms:1", "--rate", "ring=money:0.25", "--unknown", "money:1"))
            .ShouldContain("ring: 0.25 money");
        var card = Path.GetTempFileName();
        await File.WriteAllTextAsync(card, """{"plan":"basic","effective_from":"2040-01-01T00:00:00Z","rates":[{"usage_type":"call","type":"sms","price":2,"seconds":60}]}""", Stop);
        (await Done("rate-card", "save", "basic-2", "--file", card)).ShouldContain("call: 2 sms, 60 s");
        await File.WriteAllTextAsync(card, """{"rates":[],"colour":1}""", Stop);
        (await Run("rate-card", "save", "basic-3", "--file", card)).Code.ShouldBe(2);
        File.Delete(card);
        (await Done("rate-card", "list", "--plan", "basic")).ShouldContain("basic-2");
        (await Done("rate-card", "show", "basic-1")).ShouldContain("any other       1.00 money");
        await Done("rate-card", "delete", "basic-2", "--reason", "too dear");
        (await Run("rate-card", "delete", "basic-1")).Error.ShouldContain("(rate_card_in_effect)");
        await Done("tenant", "save", "acme", "--name", "Acme", "--plan", "basic", "--renewal-day", "31");
        (await Done("tenant", "show", "acme")).ShouldContain("renewal day  31");
        (await Done("tenant", "list", "--plan", "basic")).ShouldContain("acme");
        foreach (var noun in new[] { "type", "plan", "pack" }) (await Done(noun, "list")).ShouldContain(noun == "plan" ? "sms=5" : "sms");

        (await Done("tenant", "rates", "acme", "--amount", "2.5")).ShouldContain("(any other)");
        (await Done("plan", "rates", "basic", "--at", "2039-01-01T00:00:00Z")).ShouldContain("ring");
        (await Done("dry-run", "draw", "acme", "--use", "text=2", "--use", "sms:3")).ShouldContain("yes");
        (await Run("dry-run", "draw", "acme", "--use", "text=2", "--use", "sms:4")).Error.Trim().ShouldBe("Refused (insufficient_credits).");
        (await Done("dry-run", "plan-change", "acme", "--status", "lapsed")).ShouldContain("5 -> 0");
        (await Done("dry-run", "expiry", "acme", "--at", "2026-05-01T00:00:00Z")).ShouldContain("ALLOWANCE ENDS");
        (await Done("credits", "consume", "acme", "sms", "--amount", "5")).ShouldContain("allowed");
        var (code, text, error) = await Run("credits", "consume", "acme", "sms", "--amount", "2");
        (code, error.Trim()).ShouldBe((1, "Refused (insufficient_credits)."));
        text.ShouldContain("missing         2");
        (code, text, _) = await Run("credits", "check", "acme", "sms");
        code.ShouldBe(1);
        text.ShouldContain("top_up 1");

        await Done("credits", "grant", "acme", "money", "--amount", "10", "--source", "transfer", "--reason", "paid by bank");
        var purchase = await Json("purchase", "buy", "acme", "p-100", "--reference", "order 1");
        (await Done("purchase", "show", Text(purchase, "id"))).ShouldContain("credited");
        (await Done("purchase", "list", "--tenant", "acme")).ShouldContain("p-100");
        (await Done("pool", "show", "acme", "sms")).ShouldContain("purchased left  100");
        (await Done("pool", "list", "acme")).ShouldContain("money");
        (await Done("pool", "show", "acme", "sms", "--at", "2026-03-09T00:00:00Z")).ShouldContain("purchased left  0");

        (await Done("auto-top-up", "save", "acme", "sms", "--threshold", "10", "--pack", "p-100", "--method", "balance", "--monthly-cap", "50",
            "--consent-by", "user-1", "--consent-words", "Charge me", "--reason", "asked for")).ShouldContain("will order now    no");
        (await Done("auto-top-up", "show", "acme", "sms")).ShouldContain("monthly cap       50");
        (await Done("auto-top-up", "list", "acme")).ShouldContain("active");
        (await Done("auto-top-up", "resume", "acme", "sms")).ShouldContain("active");
        (await Done("auto-top-up", "delete", "acme", "sms")).ShouldBeEmpty();
        (await Done("card", "list", "acme")).ShouldContain("METHOD");
        (await Run("card", "delete", "acme", "stripe")).Error.ShouldContain("(card_unknown)");

        var used = await Json("credits", "consume", "acme", "sms", "--amount", "3", "--idempotency-key", "k1", "--reference", "=1+1");
        (await Json("credits", "consume", "acme", "sms", "--amount", "3", "--idempotency-key", "k1", "--reference", "=1+1")).GetProperty("replayed").GetBoolean().ShouldBeTrue();
        (await Done("credits", "reverse", Text(used, "entry"), "--reason", "not sent")).ShouldContain("returned        3");
        (await Done("entry", "list", "acme", "--kind", "consume")).ShouldContain("consume");
        (await Done("entry", "export", "acme")).ShouldContain("'=1+1");
        var file = Path.GetTempFileName();
        await Done("entry", "export", "acme", "--file", file);
        (await File.ReadAllTextAsync(file, Stop)).ShouldStartWith("id,at,type");
        File.Delete(file);

        var hold = await Json("hold", "place", "acme", "sms", "--amount", "4", "--expires-in", "60");
        (await Done("hold", "list", "acme", "--status", "open")).ShouldContain(Text(hold, "hold"));
        (await Done("hold", "capture", Text(hold, "hold"), "--amount", "1")).ShouldContain("captured        1");
        var second = await Json("hold", "place", "acme", "sms");
        (await Done("hold", "release", Text(second, "hold"))).ShouldContain("released        1");
        var gift = await Json("credits", "grant", "acme", "sms", "--amount", "7", "--source", "promotional", "--expires-at", "2026-06-01T00:00:00Z");
        (await Done("credits", "void", Text(gift, "grant"), "--reason", "a mistake")).ShouldContain("taken back      7");

        var key = await Json("key", "create", "--name", "reader", "--scope", "read", "--scope", "consume", "--tenant", "acme");
        (await Done("key", "list")).ShouldContain("reader");
        await Done("key", "revoke", Text(key, "id"), "--reason", "leaked");
        (await Done("audit", "--tenant", "acme")).ShouldContain("tenant.created");
        (await Done("event", "list", "--tenant", "acme", "--type", "credits.purchased")).ShouldContain("credits.purchased");
        (await Done("verify")).ShouldContain("yes");
        (await Json("verify", "--tenant", "acme")).GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Usage_forecasts_and_alerts_are_read_and_set_by_commands()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant();
        await Host.Grant(tenant, sms, 300);
        for (var day = 0; day < 8; day++)
        {
            await Host.Consume(tenant, sms, 10);
            Host.Clock.Advance(TimeSpan.FromDays(1));
        }

        (await Done("alert", "set", tenant, sms, "--low-percent", "50", "--low-percent", "10", "--runway-days", "3", "--reason", "asked for")).ShouldContain("low percent    50 10");
        (await Done("alert", "list", tenant)).ShouldContain("50 10");
        (await Done("alert", "set", tenant, sms, "--no-marks")).ShouldNotContain("50 10");
        (await Done("alert", "delete", tenant, sms)).ShouldBeEmpty();
        (await Done("usage", "show", tenant, "--group-by", "day")).Split('\n').Length.ShouldBe(1 + 8 + 1);
        (await Json("usage", "show", tenant, "--type", sms)).GetProperty("credits").GetDecimal().ShouldBe(80);
        (await Done("usage", "operator", "--type", sms, "--group-by", "tenant", "--top", "1")).ShouldContain("MARGIN OF");
        (await Json("usage", "operator", "--type", sms)).GetProperty("totals")[0].GetProperty("uses").GetInt32().ShouldBe(8);
        (await Done("usage", "export", "--tenant", tenant, "--from", "2026-03-10", "--to", "2026-03-11", "--group-by", "day")).ShouldContain($"2026-03-11,{sms},1,10");
        (await Done("usage", "export")).ShouldContain("refused_by_reason");
        (await Done("usage", "peaks", tenant, sms)).ShouldContain("Based on 8 uses.");
        (await Json("usage", "peaks", tenant, sms)).GetProperty("based_on").GetInt32().ShouldBe(8);
        (await Done("forecast", tenant)).ShouldContain("2026-04-08");
        (await Json("forecast", tenant, "--type", sms)).GetProperty("days_of_data").GetInt32().ShouldBe(8);
        (await Run("usage", "show", tenant, "--from", "yesterday")).Code.ShouldBe(2);
    }

    [Fact]
    public async Task Events_are_followed_until_interrupted()
    {
        var type = await Host.NewType();
        var tenant = await Host.NewTenant();
        using var output = new Lines();
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var following = CommandLine.Run(["event", "list", "--follow", "--tenant", tenant, "--json"], output, output, Variable(), stop: interrupt.Token);
        await Host.Grant(tenant, type, 1);
        for (var i = 0; i < 200 && !output.Has("credits.granted"); i++) await Task.Delay(50, Stop);
        output.Has("credits.granted").ShouldBeTrue();
        following.IsCompleted.ShouldBeFalse();
        await interrupt.CancelAsync();
        (await following).ShouldBe(1);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("tenant", "show")]
    [InlineData("tenant", "save", "x")]
    [InlineData("credits", "consume", "t", "sms", "--amount", "much")]
    [InlineData("credits", "grant", "t", "sms", "--source", "refund")]
    [InlineData("plan", "save", "x", "--name", "x", "--allowance", "sms")]
    [InlineData("plan", "save", "x", "--name", "x", "--allowance", "sms=many")]
    [InlineData("rate-card", "save", "x", "--rate", "call")]
    [InlineData("rate-card", "save", "x", "--rate", "call=sms")]
    [InlineData("rate-card", "save", "x", "--rate", "call=sms:much")]
    [InlineData("dry-run", "draw", "t", "--use", "sms")]
    [InlineData("dry-run", "draw", "t")]
    [InlineData("dry-run", "expiry", "t")]
    [InlineData("pool", "show", "t", "sms", "--at", "yesterday")]
    [InlineData("tenant", "list", "--key", "secret")]
    public async Task A_call_that_is_not_understood_ends_with_2_and_says_why(params string[] args)
    {
        var (code, _, error) = await Run(args);
        code.ShouldBe(2);
        error.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_refusal_ends_with_1_and_says_the_code()
    {
        var (code, _, error) = await Run("tenant", "show", "nobody");
        code.ShouldBe(1);
        error.ShouldContain("(tenant_unknown)");
    }

    [Fact]
    public async Task The_key_comes_from_the_environment_or_a_file_and_the_server_must_be_named()
    {
        async Task<(int Code, string Error)> With(string? url, string? key, params string[] args)
        {
            using var error = new StringWriter();
            var code = await CommandLine.Run(args, TextWriter.Null, error, name => name == "TOPUP_URL" ? url : name == "TOPUP_KEY" ? key : null);
            return (code, error.ToString());
        }
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, TestHost.BootstrapKey + "\n", Stop);

        (await With(Host.Url.ToString(), null, "tenant", "list", "--key-file", file)).Code.ShouldBe(0);
        (await With(null, null, "tenant", "list", "--url", Host.Url.ToString(), "--key-file", file)).Code.ShouldBe(0);
        (await With(Host.Url.ToString(), null, "tenant", "list")).Code.ShouldBe(2);
        (await With(null, "x", "tenant", "list")).Code.ShouldBe(2);
        (await With(Host.Url.ToString(), null, "tenant", "list", "--key-file", file + "-gone")).Code.ShouldBe(2);
        var wrong = await With(Host.Url.ToString(), "wrong-key", "tenant", "list");
        wrong.Code.ShouldBe(1);
        wrong.Error.ShouldContain("(unauthorized)");
        wrong.Error.ShouldNotContain("wrong-key");
        File.Delete(file);
    }

    private sealed class Lines : StringWriter
    {
        private readonly Lock writing = new();

        public override void Write(char[] buffer, int index, int count)
        {
            lock (writing) base.Write(buffer, index, count);
        }

        public override void Write(string? value)
        {
            lock (writing) base.Write(value);
        }

        public bool Has(string text)
        {
            lock (writing) return ToString().Contains(text, StringComparison.Ordinal);
        }
    }
}
