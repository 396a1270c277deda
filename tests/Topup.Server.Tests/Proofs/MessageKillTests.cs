using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Testing;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Proofs;

/// <summary>
/// A server that is killed between sending a message and spending its credits sends none a second time, and every credit is
/// spent or given back once it is known what became of its message.
/// </summary>
public sealed class MessageKillTests(ITestOutputHelper output)
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const int Kills = 3;
    private const int MessagesBetween = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_credit_is_accounted_for_on_sqlite()
    {
        var folder = Directory.CreateTempSubdirectory("topup-message-kill-");
        try
        {
            await using var server = await ServerProcess.OnSqlite(folder.FullName);
            await Run(server);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Every_credit_is_accounted_for_on_postgres()
    {
        await using var server = await ServerProcess.OnPostgres(
            await (await PrivatePostgres.Shared).NewDatabase(), ("SecretKey", Convert.ToBase64String(new byte[32])));
        await Run(server);
    }

    private async Task Run(ServerProcess server)
    {
        await using var gateway = await FakeGateway.Start();
        // It has taken the message, and the server does not know it yet.
        gateway.Answer = async (context, message) =>
        {
            await Task.Delay(Random.Shared.Next(150), context.RequestAborted);
            await FakeGateway.Accept(context, message);
        };
        using var client = new TopupClient(server.Address, ServerProcess.Key);
        await client.SaveCreditType("sms", new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0, Channel = "sms" }, stop: Stop);
        await client.SaveTenant("acme", new TenantRequest { Name = "Acme", Plan = null }, stop: Stop);
        await client.SaveMessageDriver("gw", new MessageDriverRequest { Kind = "http", Channel = "sms", Url = gateway.Url, AllowPrivate = true, Secret = Secret }, stop: Stop);
        const int Granted = 2 * (Kills + 1) * MessagesBetween;
        await client.GrantCredits(new GrantRequest { Tenant = "acme", Type = "sms", Amount = Granted, Source = "promotional" }, stop: Stop);
        for (var round = 0; round <= Kills; round++)
        {
            var items = Enumerable.Range(0, MessagesBetween).Select(at => new MessageItem
            {
                Key = $"{round}-{at}", Tenant = "acme", Channel = "sms", To = string.Create(CultureInfo.InvariantCulture, $"+5511{round}{at:0000000}"), Text = "Hello",
            }).ToList();
            await client.SendMessageBatch(new MessageBatchRequest { Items = items }, Stop);
            if (round == Kills) break;
            var seen = gateway.Calls.Count;
            await Until(() => gateway.Calls.Count > seen + Random.Shared.Next(3), "the server sends");
            await server.Kill();
            await server.Restart();
        }

        await Until(async () => await Count(client, "queued") == 0 && (await Count(client, "sent")) + (await Count(client, "sending")) == (Kills + 1) * MessagesBetween
            && await IsQuiet(gateway), "all that waits is sent");
        var calls = gateway.Calls.Select(call => call.Message.Id).ToList();
        calls.Distinct().Count().ShouldBe(calls.Count, "none is sent twice");
        var lost = new List<MessageView>();
        await foreach (var message in client.ListAllMessages("sending", stop: Stop)) lost.Add(message);
        (await Held(client)).ShouldBe((Granted - await Count(client, "sent") - lost.Count, lost.Count));

        // The gateway knows what became of them; the server would call them unknown after a while.
        foreach (var message in lost) await Tell(server, message.Id, calls.Contains(message.Id) ? "delivered" : "failed");

        (await Held(client)).ShouldBe((Granted - calls.Count, 0), "as many credits are spent as messages were sent");
        (await client.VerifyLedger(stop: Stop)).Ok.ShouldBeTrue();
        output.WriteLine($"{Kills} kills, {calls.Count} messages, {lost.Count} outcomes lost");
    }

    /// <summary>No message is on its way by now.</summary>
    private static async Task<bool> IsQuiet(FakeGateway gateway)
    {
        var before = gateway.Calls.Count;
        await Task.Delay(300, Stop);
        return gateway.Calls.Count == before;
    }

    private static async Task<int> Count(TopupClient client, string status) =>
        (await client.ListAllMessagesPage(status, limit: 1_000, stop: Stop)).Data.Count;

    private static async Task<(decimal Total, decimal Held)> Held(TopupClient client)
    {
        var left = (await client.GetPool("acme", "sms", Stop)).Remaining;
        return (left.Total, left.Held);
    }

    private static async Task Tell(ServerProcess server, string id, string status)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new GatewayCallback { Id = id, Status = status }, TopupJson.Default.GatewayCallback);
        var timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/webhooks/messages/gw")) { Content = new ByteArrayContent(body) };
        request.Headers.Add("webhook-id", "m");
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature",
            "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Secret[6..]), (byte[])[.. Encoding.ASCII.GetBytes($"m.{timestamp}."), .. body])));
        using var response = await http.SendAsync(request, Stop);
        ((int)response.StatusCode).ShouldBe(204);
    }

    private static Task Until(Func<bool> isSo, string what) => Until(() => Task.FromResult(isSo()), what);

    private static async Task Until(Func<Task<bool>> isSo, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience) throw new TimeoutException($"Not within {Patience.TotalSeconds} s: {what}.");
            await Task.Delay(20, Stop);
        }
    }
}
