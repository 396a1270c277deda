using System.Globalization;
using Microsoft.AspNetCore.Http;
using Topup.Client;
using Topup.Contracts;
using Topup.Testing.Fakes;

namespace Topup.Testing.Proofs;

/// <summary>
/// A server that is killed while it sends webhooks loses no event: each is taken in the end, some come twice, all under their
/// ids and signed. Its receiver may be ill-behaved, and each misbehaviour costs one attempt.
/// </summary>
internal sealed class WebhookKillLoop(ServerProcess server, Random random)
{
    private const int EventsBetween = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Above what a server waits for a receiver; see <see cref="ServerSettings"/>.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly HashSet<string> turnedAway = new(StringComparer.Ordinal);

    /// <summary>What a server needs so that a loop does not wait long for an attempt that was cut off.</summary>
    public static (string Name, string Value) ServerSettings => ("WebhookTimeoutSeconds", "1");

    /// <summary>How many first attempts of an event, out of so many, are treated badly; 0: none.</summary>
    public int BadlyOneIn { get; init; }

    /// <summary>Where redirects of a bad receiver lead.</summary>
    public Uri? Elsewhere { get; init; }

    public int Events { get; private set; }

    /// <summary>Requests beyond the first of an event.</summary>
    public int Repeats { get; private set; }

    /// <summary>How often the receiver misbehaved.</summary>
    public int TurnedAway => turnedAway.Count;

    public async Task Run(int kills)
    {
        await using var receiver = await WebhookReceiver.Start();
        receiver.Answer = context => Answer(context, receiver);
        using var client = new TopupClient(server.Address, ServerProcess.Key);
        await client.SaveCreditType("sms", new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0 });
        var endpoint = await client.CreateWebhookEndpoint(new WebhookEndpointRequest { Url = receiver.Url, Events = ["credits.granted"], AllowPrivate = true });
        for (var kill = 0; kill < kills; kill++)
        {
            await Grant(client, kill);
            var seen = receiver.Count;
            await Until(() => receiver.Count > seen, receiver);
            await Task.Delay(random.Next(1_000));
            await server.Kill();
            await server.Restart();
        }
        await Grant(client, kills);

        var events = new List<string>();
        await foreach (var @event in client.ListEvents(type: "credits.granted")) events.Add(@event.Id);
        BrokenPromiseException.Unless(events.Count == (kills + 1) * EventsBetween, $"{events.Count} events of {(kills + 1) * EventsBetween} grants.");
        await Until(() => HasTaken(events), receiver);
        var received = receiver.Received;
        var forged = received.Count(got => !WebhookSignature.Verify(endpoint.Secret!, got.Id, got.Timestamp, got.Signature, got.Body, null, TimeSpan.FromHours(3)));
        BrokenPromiseException.Unless(forged == 0, $"{forged} requests are not signed as they should be.");
        (Events, Repeats) = (events.Count, received.Count - events.Count);
        BrokenPromiseException.Unless(Repeats <= kills + TurnedAway, $"{Repeats} repeats of {kills} kills and {TurnedAway} bad answers: at most the one that was under way at each.");
    }

    /// <summary>An event is taken with a 2xx, and turned away once at most.</summary>
    private async Task Answer(HttpContext context, WebhookReceiver receiver)
    {
        await Task.Delay(100, context.RequestAborted);
        var id = context.Request.Headers["webhook-id"].ToString();
        int? how = null;
        lock (gate)
            if (BadlyOneIn > 0 && !taken.Contains(id) && random.Next(BadlyOneIn) == 0 && turnedAway.Add(id)) how = random.Next(4);
        switch (how)
        {
            case 0:
                context.Response.StatusCode = 500;
                return;
            case 1:
                context.Response.StatusCode = 307;
                context.Response.Headers.Location = (Elsewhere ?? new Uri(receiver.Url)).ToString();
                return;
            case 2:
                await Task.Delay(TooLong, context.RequestAborted);
                return;
            case 3:
                context.Abort();
                return;
        }
        lock (gate) taken.Add(id);
        await context.Response.WriteAsync("thanks");
    }

    private bool HasTaken(List<string> events)
    {
        lock (gate) return events.TrueForAll(taken.Contains);
    }

    /// <summary>To a tenant of its own each time: a pool may have 1,000 lots, and a long run makes more.</summary>
    private static async Task Grant(TopupClient client, int round)
    {
        var tenant = string.Create(CultureInfo.InvariantCulture, $"acme-{round}");
        await client.SaveTenant(tenant, new TenantRequest { Name = "Acme", Plan = null });
        for (var i = 0; i < EventsBetween; i++)
            await client.GrantCredits(new GrantRequest { Tenant = tenant, Type = "sms", Amount = 1, Source = "promotional" });
    }

    /// <summary>However long it takes, as long as something comes in.</summary>
    private static async Task Until(Func<bool> isSo, WebhookReceiver receiver)
    {
        var (seen, since) = (receiver.Count, TimeProvider.System.GetTimestamp());
        while (!isSo())
        {
            if (receiver.Count > seen) (seen, since) = (receiver.Count, TimeProvider.System.GetTimestamp());
            BrokenPromiseException.Unless(TimeProvider.System.GetElapsedTime(since) < Patience,
                string.Create(CultureInfo.InvariantCulture, $"Nothing came in for {Patience.TotalSeconds} s, and events are missing."));
            await Task.Delay(50);
        }
    }
}
