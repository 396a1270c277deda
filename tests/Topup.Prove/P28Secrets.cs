using System.Security.Cryptography;
using System.Text;
using Topup.Testing;
using Topup.Testing.Fakes;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P28: secrets never appear in clear. Secrets that occur nowhere else are given to a server, by its environment and by its
/// API; then it sells, fails, is refused by its providers and asked nonsense. Every file of the database, every line of the
/// log and every reply is searched for them, as they are and in the usual disguises. Words that are no secrets are found.
/// </summary>
internal sealed class P28Secrets : Proof
{
    private const int Rounds = 100;

    public override string Name => "P28";

    public override string Promise => "Provider keys, webhook secrets and API keys appear in no database file, log line, reply or error page.";

    public override async Task Run(Trial trial)
    {
        using (var folder = new TemporaryFolder())
        {
            var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
            await Run(trial, "SQLite", () => ServerProcess.OnSqlite(folder.Path, Environment(key)), folder.Path, key);
            using var own = new TemporaryFolder();
            await Run(trial, "SQLite with a key of its own", () => ServerProcess.OnSqlite(own.Path, Environment(null)), own.Path, null);
        }
        await using var postgres = await PrivatePostgres.Start();
        var (database, shared) = (await postgres.NewDatabase(), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        await Run(trial, "PostgreSQL", () => ServerProcess.OnPostgres(database, Environment(shared)), postgres.DataFolder, shared);
    }

    private static (string Name, string Value)[] Environment(string? secretKey)
    {
        (string, string)[] settings = [("BootstrapKey", Canary("bootstrap")), ("PublicUrl", "https://topup.example.com"), ("Logging__LogLevel__Default", "Trace")];
        return secretKey is null ? settings : [.. settings, ("SecretKey", secretKey)];
    }

    private static async Task Run(Trial trial, string where, Func<Task<ServerProcess>> start, string files, string? secretKey)
    {
        await using var server = await start();
        server.LogLinesMax = int.MaxValue;
        await using var stripe = new FakeStripe(TimeProvider.System) { SecretKey = "sk_test_" + Canary("stripekey"), WebhookSecret = "whsec_" + Canary("stripehook") };
        await using var mercadoPago = new FakeMercadoPago(TimeProvider.System) { AccessToken = "APP_USR-" + Canary("mercadopagokey") };
        await using var twilio = new FakeTwilio(TimeProvider.System) { Token = Canary("twiliotoken") };
        foreach (var provider in (FakeProvider[])[stripe, mercadoPago, twilio])
        {
            await provider.Start();
            provider.Receiver = server.Address;
        }
        var mercadoPagoHook = Canary("mercadopagohook");
        var replies = new StringBuilder();
        var gateway = "whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary("gateway")));
        var mailbox = Canary("mailbox");
        var created = await Use(trial, server, stripe, mercadoPago, mercadoPagoHook, new Senders(twilio, gateway, mailbox), replies);
        // Killed, it leaves the log of its database as it was.
        await server.Kill();

        var secrets = new List<string> { Canary("bootstrap"), stripe.SecretKey, stripe.WebhookSecret, mercadoPago.AccessToken, mercadoPagoHook, twilio.Token, gateway, mailbox };
        if (secretKey is not null) secrets.Add(secretKey);
        else secrets.Add((await File.ReadAllTextAsync(Path.Combine(files, "secret.key"))).Trim());
        var (searched, bytes) = (Files(files).ToList(), 0L);
        var places = new List<(string Name, byte[] Content)> { ("the log", Encoding.UTF8.GetBytes(server.Log)), ("the replies", Encoding.UTF8.GetBytes(replies.ToString())) };
        places.AddRange(searched.Select(file => (file, File.ReadAllBytes(file))));
        foreach (var (name, content) in places)
        {
            bytes += content.Length;
            // A new API key is shown once, in the reply that makes it, and nowhere else.
            foreach (var secret in name == "the replies" ? secrets : secrets.Append(created))
                foreach (var disguise in Disguises(secret))
                    BrokenPromiseException.Unless(content.AsSpan().IndexOf(disguise) < 0, $"{where}: the secret {secret} is in {name}.");
        }
        foreach (var word in (string[])["not-a-secret-tenant", "sms-500"])
            BrokenPromiseException.Unless(places.Any(place => place.Content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) >= 0), $"Not even {word} was found: nothing was searched.");
        BrokenPromiseException.Unless(CountOf(replies.ToString(), created) == 1, "A new API key is shown once.");
        trial.Fault("secrets planted", secrets.Count + 1);
        trial.Ran("files searched", searched.Count);
        trial.Saw($"{where}: {searched.Count} files, the log and the replies, {bytes / 1024:#,0} kB; 0 of {secrets.Count + 1} secrets found");
    }

    /// <summary>All that a server is asked in its life, and what it should never be asked; the API key that was made.</summary>
    private static async Task<string> Use(Trial trial, ServerProcess server, FakeStripe stripe, FakeMercadoPago mercadoPago, string mercadoPagoHook, Senders senders,
        StringBuilder replies)
    {
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + Canary("bootstrap"));
        var made = await Ask(HttpMethod.Post, "/v1/api-keys", """{"name":"made","scopes":["all"]}""");
        var created = System.Text.Json.JsonDocument.Parse(made).RootElement.GetProperty("key").GetString()!;
        await Ask(HttpMethod.Put, "/v1/payment-methods/stripe",
            $$"""{"enabled":true,"secret_key":"{{stripe.SecretKey}}","webhook_secrets":["{{stripe.WebhookSecret}}"],"api_base":"{{stripe.Url}}"}""");
        await Ask(HttpMethod.Put, "/v1/payment-methods/mercadopago",
            $$"""{"enabled":true,"access_token":"{{mercadoPago.AccessToken}}","webhook_secrets":["{{mercadoPagoHook}}"],"api_base":"{{mercadoPago.Url}}"}""");
        await Ask(HttpMethod.Put, "/v1/credit-types/sms", """{"name":"SMS","unit":"message","decimals":0}""");
        foreach (var currency in (string[])["USD", "BRL"])
            await Ask(HttpMethod.Put, "/v1/packs/sms-500-" + currency.ToLowerInvariant(), $$"""{"type":"sms","name":"sms-500","credits":500,"price":10,"currency":"{{currency}}"}""");
        await Ask(HttpMethod.Put, "/v1/tenants/not-a-secret-tenant", """{"name":"not-a-secret-tenant","plan":null}""");

        for (var round = trial.Of(Rounds / 3, min: 2); round > 0; round--)
        {
            foreach (var (provider, method, pack) in ((FakeProvider, string, string)[])[(stripe, "stripe", "sms-500-usd"), (mercadoPago, "mercadopago", "sms-500-brl")])
            {
                provider.Fail((ProviderFault)trial.Random.Next(0, 7), times: trial.Random.Next(0, 3));
                var purchase = await Ask(HttpMethod.Post, "/v1/purchases", $$"""{"tenant":"not-a-secret-tenant","pack":"{{pack}}","method":"{{method}}"}""");
                provider.Heal();
                if (Field(purchase, "id") is { } id && Field(purchase, "status") == "pending")
                {
                    var number = id.Split('~')[1];
                    _ = provider is FakeStripe ? stripe.Pay(stripe.SessionOf(number)) : mercadoPago.Pay(number);
                    await provider.DeliverAll();
                    await Ask(HttpMethod.Post, $"/v1/purchases/{id}/check", null);
                    foreach (var part in (string[])["", "/steps", "/receipt", "/receipt.html", "/refunds"]) await Ask(HttpMethod.Get, $"/v1/purchases/{id}{part}", null);
                    await Ask(HttpMethod.Post, $"/v1/purchases/{id}/refunds", """{"reason":"proof"}""");
                }
                await Ask(HttpMethod.Post, "/webhooks/" + method, """{"id":"evt_forged","object":"event","type":"x"}""");
            }
            trial.Ran("rounds");
        }

        await Ask(HttpMethod.Put, "/v1/credit-types/sms", """{"name":"SMS","unit":"message","decimals":0,"channel":"sms"}""");
        await Ask(HttpMethod.Put, "/v1/credit-types/email", """{"name":"E-mail","unit":"message","decimals":0,"channel":"email"}""");
        foreach (var type in (string[])["sms", "email"])
            await Ask(HttpMethod.Post, "/v1/grants", $$"""{"tenant":"not-a-secret-tenant","type":"{{type}}","amount":1000,"source":"promotional"}""");
        foreach (var (slug, driver) in senders.Drivers)
        {
            await Ask(HttpMethod.Put, "/v1/message-drivers/" + slug, driver);
            // What is sent with a mistake must not come back in the words of the refusal.
            await Ask(HttpMethod.Put, "/v1/message-drivers/" + slug, driver.Replace("\"kind\"", "\"port\":\"x\",\"kind\"", StringComparison.Ordinal));
            await Ask(HttpMethod.Put, "/v1/message-drivers/wrong", driver.Replace("\"channel\":\"", "\"channel\":\"un", StringComparison.Ordinal));
            foreach (var recipient in (string[])["+15005550001", "somebody@example.com"])
                await Ask(HttpMethod.Post, $"/v1/message-drivers/{slug}/test", $$"""{"to":"{{recipient}}"}""");
            var to = driver.Contains("email", StringComparison.Ordinal)
                ? "\"channel\":\"email\",\"to\":\"somebody@example.com\",\"subject\":\"x\"" : "\"channel\":\"sms\",\"to\":\"+15005550001\"";
            var message = await Ask(HttpMethod.Post, "/v1/messages", $$"""{"tenant":"not-a-secret-tenant",{{to}},"text":"Hello"}""");
            BrokenPromiseException.Unless(message.Contains("\"queued\"", StringComparison.Ordinal), $"No message was sent by {slug}: {message}");
            await Ask(HttpMethod.Post, $"/webhooks/messages/{slug}?message=x", "{}");
            await Task.Delay(3_000);
            await Ask(HttpMethod.Get, "/v1/messages?limit=200", null);
            await Ask(HttpMethod.Get, "/v1/message-drivers", null);
            await Ask(HttpMethod.Delete, "/v1/message-drivers/" + slug, null);
        }
        BrokenPromiseException.Unless(senders.Twilio.Texts.Count > 0, "Twilio was never asked.");

        // The providers do not know our keys any more, and say so in their own words.
        (var before, stripe.SecretKey) = (stripe.SecretKey, "sk_test_other");
        var token = mercadoPago.AccessToken;
        mercadoPago.AccessToken = "APP_USR-other";
        foreach (var (method, pack) in ((string, string)[])[("stripe", "sms-500-usd"), ("mercadopago", "sms-500-brl")])
            await Ask(HttpMethod.Post, "/v1/purchases", $$"""{"tenant":"not-a-secret-tenant","pack":"{{pack}}","method":"{{method}}"}""");
        (stripe.SecretKey, mercadoPago.AccessToken) = (before, token);

        // What is sent with a mistake must not come back in the words of the refusal.
        await Ask(HttpMethod.Put, "/v1/payment-methods/stripe", $$"""{"enabled":true,"secret_key":"{{stripe.SecretKey}} with blanks"}""");
        await Ask(HttpMethod.Put, "/v1/payment-methods/stripe", $$"""{"enabled":true,"secret_key":["{{stripe.SecretKey}}"]}""");
        await Ask(HttpMethod.Put, "/v1/payment-methods/stripe", $$"""{"enabled":true,"secret_key":"{{stripe.SecretKey}}" """);
        await Ask(HttpMethod.Put, "/v1/payment-methods/mercadopago", $$"""{"enabled":true,"secret_key":"{{mercadoPago.AccessToken}}"}""");
        await Ask(HttpMethod.Put, "/v1/payment-methods/mercadopago", $$"""{"enabled":true,"access_token":"{{mercadoPago.AccessToken}}","api_base":"ftp://x"}""");
        foreach (var path in (string[])["/v1/payment-methods", "/v1/settings/checkout", "/v1/audit?limit=200", "/v1/api-keys", "/v1/events?limit=200", "/v1/purchases",
            "/openapi.json", "/metrics", "/nothing", "/v1/tenants/%00", "/webhooks/stripe", "/readyz"])
            await Ask(HttpMethod.Get, path, null);
        return created;

        async Task<string> Ask(HttpMethod method, string path, string? json)
        {
            using var message = new HttpRequestMessage(method, path);
            if (json is not null) message.Content = new StringContent(json, Encoding.UTF8, "application/json");
            if (method == HttpMethod.Post) message.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
            using var answer = await http.SendAsync(message);
            var body = await answer.Content.ReadAsStringAsync();
            replies.Append(answer).Append('\n').Append(body).Append('\n');
            return body;
        }
    }

    /// <summary>Those by which messages go: one that works, and two whose server is nowhere.</summary>
    private sealed record Senders(FakeTwilio Twilio, string GatewaySecret, string MailboxPassword)
    {
        public (string Slug, string Json)[] Drivers =>
        [
            ("twilio", $$"""{"kind":"twilio-sms","channel":"sms","account_sid":"{{FakeTwilio.AccountSid}}","from":"{{FakeTwilio.Number}}","secret":"{{Twilio.Token}}","api_base":"{{Twilio.Url.ToString().TrimEnd('/')}}","allow_private":true}"""),
            ("gateway", $$"""{"kind":"http","channel":"sms","url":"http://127.0.0.1:9/","secret":"{{GatewaySecret}}","allow_private":true}"""),
            ("mail", $$"""{"kind":"smtp","channel":"email","host":"localhost","port":9,"security":"none","from":"shop@example.com","username":"shop","secret":"{{MailboxPassword}}"}"""),
        ];
    }

    private static string? Field(string json, string name)
    {
        try
        {
            return System.Text.Json.JsonDocument.Parse(json).RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <summary>The same for the same name in one run, and nowhere else in the world.</summary>
    private static string Canary(string name) => $"canary{name}{Nonce}{Nonce}";

    private static string Nonce { get; } = Guid.NewGuid().ToString("N")[..16];

    /// <summary>As it is, in base64, in hexadecimal, and as Windows writes text.</summary>
    private static IEnumerable<byte[]> Disguises(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        // Base64 of its middle, however many bytes stand before it.
        for (var skip = 0; skip < 3; skip++) yield return Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes.AsSpan(skip, (bytes.Length - skip) / 3 * 3)));
        yield return bytes;
        yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes));
        yield return Encoding.ASCII.GetBytes(Convert.ToHexString(bytes));
        yield return Encoding.Unicode.GetBytes(secret);
    }

    /// <summary>All but the key file, which is the secret itself and lies beside the database for its owner only.</summary>
    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "secret.key");

    private static int CountOf(string text, string word)
    {
        var count = 0;
        for (var at = 0; (at = text.IndexOf(word, at, StringComparison.Ordinal)) >= 0; at += word.Length) count++;
        return count;
    }
}
