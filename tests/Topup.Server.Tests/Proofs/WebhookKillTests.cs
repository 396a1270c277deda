using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Testing;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Proofs;

/// <summary>A server that is killed while it sends webhooks loses no event: each is sent, some twice, all under their ids and signed.</summary>
public sealed class WebhookKillTests(ITestOutputHelper output)
{
    private const int Kills = 3;
    private const int EventsBetween = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_event_is_lost_on_sqlite()
    {
        var folder = Directory.CreateTempSubdirectory("topup-webhook-kill-");
        try
        {
            await using var server = await ServerProcess.OnSqlite(folder.FullName, ("WebhookTimeoutSeconds", "1"));
            await Run(server);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task No_event_is_lost_on_postgres()
    {
        await using var server = await ServerProcess.OnPostgres(
            await (await PrivatePostgres.Shared).NewDatabase(), ("WebhookTimeoutSeconds", "1"), ("SecretKey", Convert.ToBase64String(new byte[32])));
        await Run(server);
    }

    private async Task Run(ServerProcess server)
    {
        await using var receiver = await WebhookReceiver.Start();
        receiver.Answer = _ => Task.Delay(100, Stop);
        using var client = new TopupClient(server.Address, ServerProcess.Key);
        await client.SaveCreditType("sms", new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0 }, stop: Stop);
        await client.SaveTenant("acme", new TenantRequest { Name = "Acme", Plan = null }, stop: Stop);
        var endpoint = await client.CreateWebhookEndpoint(
            new WebhookEndpointRequest { Url = receiver.Url, Events = ["credits.granted"], AllowPrivate = true }, stop: Stop);
        for (var kill = 0; kill < Kills; kill++)
        {
            await Grant(client);
            var seen = receiver.Received.Count;
            await Until(() => receiver.Received.Count > seen, "the server sends");
            await server.Kill();
            await server.Restart();
        }
        await Grant(client);

        var events = new List<string>();
        await foreach (var @event in client.ListEvents(type: "credits.granted", stop: Stop)) events.Add(@event.Id);
        events.Count.ShouldBe((Kills + 1) * EventsBetween);
        await Until(() => events.All(receiver.Received.Select(got => got.Id).ToHashSet().Contains), "every event comes in");
        var received = receiver.Received;
        received.ShouldAllBe(got => WebhookSignature.Verify(endpoint.Secret!, got.Id, got.Timestamp, got.Signature, got.Body, null, TimeSpan.FromMinutes(10)));
        output.WriteLine($"{Kills} kills, {events.Count} events, {received.Count - events.Count} sent twice");
        (received.Count - events.Count).ShouldBeInRange(0, Kills, "at most the one that was under way at each kill");
    }

    private static async Task Grant(TopupClient client)
    {
        for (var i = 0; i < EventsBetween; i++)
            await client.GrantCredits(new GrantRequest { Tenant = "acme", Type = "sms", Amount = 1, Source = "promotional" }, stop: Stop);
    }

    private static async Task Until(Func<bool> isSo, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience) throw new TimeoutException($"Not within {Patience.TotalSeconds} s: {what}.");
            await Task.Delay(50, Stop);
        }
    }
}
