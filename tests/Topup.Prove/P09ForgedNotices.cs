using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Topup.Prove.Payments;
using Topup.Testing.Fakes;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P9: forged, altered and stale notifications credit nothing. Genuine notifications of purchases that are paid, and that
/// nobody has looked at, are altered in every way; each must be refused. In the end the genuine ones credit.
/// </summary>
internal sealed class P09ForgedNotices : Proof
{
    private const int Mutations = 100_000;
    private const int SignedAnewEvery = 2_000;
    private const int AtOnce = 8;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public override string Name => "P9";

    public override string Promise => "A notification that is not exactly as the provider signed it is refused, and credits nothing.";

    public override async Task Run(Trial trial)
    {
        using var folder = new TemporaryFolder();
        await using var market = await Market.OnSqlite(folder.Path);
        var targets = new List<(Sale Sale, FakeNotification Paid)>();
        foreach (var till in market.Tills)
        {
            for (var i = 0; i < 2; i++)
            {
                var sale = await market.Sell(till);
                targets.Add((sale, till.NewsOf(() => till.Pay(sale.Number))[^1]));
            }
        }

        var mutations = trial.Of(Mutations, min: 1_000);
        for (var done = 0; done < mutations; done += SignedAnewEvery)
        {
            // Recorded notifications grow old; these are as fresh as can be.
            var fresh = targets.Select(target => (target.Sale, Paid: target.Sale.Till.Twin(target.Paid))).ToList();
            var altered = Enumerable.Range(0, Math.Min(SignedAnewEvery, mutations - done)).Select(_ =>
            {
                var at = trial.Random.Next(fresh.Count);
                var other = fresh[at ^ 1].Paid;
                var (what, notification) = fresh[at].Sale.Till is StripeTill stripe
                    ? OfStripe(trial.Random, stripe.Stripe, fresh[at].Paid, other)
                    : OfMercadoPago(trial.Random, fresh[at].Paid, other);
                trial.Fault(what);
                return (fresh[at].Sale.Till, what, notification);
            }).ToList();
            await Parallel.ForEachAsync(altered, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) =>
            {
                var answer = await one.Till.Provider.Deliver(one.notification);
                BrokenPromiseException.Unless(answer == HttpStatusCode.BadRequest, $"{one.Till.Method}, {one.what}, was answered {answer}: {one.notification.PathAndQuery}");
            });
            trial.Ran("notifications refused", altered.Count);
        }

        foreach (var (sale, paid) in targets)
        {
            var seen = await market.Client.GetPurchase(sale.Id);
            BrokenPromiseException.Unless(seen.Status == "pending" && (await market.Look(sale)).Entries.Count == 0, $"{seen} was changed.");
            BrokenPromiseException.Unless(await Market.Deliver(sale.Till, sale.Till.Twin(paid)), "The genuine notification was refused.");
        }
        foreach (var (sale, _) in targets)
        {
            for (var waited = 0; waited < 500 && (await market.Look(sale)).Pool.Total == 0; waited++) await Task.Delay(20);
            BrokenPromiseException.Unless((await market.Look(sale)).Pool.Total == Market.Credits, "The genuine notification did not credit.");
            trial.Ran("genuine notifications that credited");
        }
        await market.Verify();
    }

    private static (string What, FakeNotification Notification) OfStripe(Random random, FakeStripe stripe, FakeNotification paid, FakeNotification other)
    {
        var (body, signature, now) = (paid.Body, paid.Headers["stripe-signature"], DateTimeOffset.UtcNow);
        return random.Next(10) switch
        {
            0 => ("bits of a body", FakeStripe.Notification(BitFlipped(random, body), signature)),
            1 => ("letters of a signature", FakeStripe.Notification(body, OtherLetter(random, signature))),
            2 => ("cut bodies", FakeStripe.Notification(body[..random.Next(body.Length)], signature)),
            3 => ("longer bodies", FakeStripe.Notification([.. body, .. Enumerable.Repeat((byte)' ', random.Next(1, 9))], signature)),
            4 => ("foreign secrets", FakeStripe.Notification(body, FakeStripe.Sign(body, "whsec_" + random.Next(), now))),
            5 => ("stale", FakeStripe.Notification(body, FakeStripe.Sign(body, stripe.WebhookSecret, now.AddSeconds(-random.Next(302, 1_000_000))))),
            6 => ("of the future", FakeStripe.Notification(body, FakeStripe.Sign(body, stripe.WebhookSecret, now.AddSeconds(random.Next(330, 1_000_000))))),
            7 => ("bodies written anew", FakeStripe.Notification(Encoding.UTF8.GetBytes(JsonNode.Parse(body)!.ToJsonString(Indented)), signature)),
            8 => ("bodies of another", FakeStripe.Notification(other.Body, signature)),
            _ => ("signatures in pieces", FakeStripe.Notification(body, signature[..random.Next(signature.Length)])),
        };
    }

    private static (string What, FakeNotification Notification) OfMercadoPago(Random random, FakeNotification paid, FakeNotification other)
    {
        var (signature, request) = (paid.Headers["x-signature"], paid.Headers["x-request-id"]);
        var (id, otherId) = (IdOf(paid), IdOf(other));
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        return random.Next(9) switch
        {
            0 => ("letters of a signature", With(paid, "x-signature", OtherLetter(random, signature))),
            1 => ("letters of a request id", With(paid, "x-request-id", OtherLetter(random, request))),
            2 => ("another id", paid with { PathAndQuery = paid.PathAndQuery.Replace(id, otherId, StringComparison.Ordinal) }),
            3 => ("two ids", paid with { PathAndQuery = paid.PathAndQuery + "&data.id=" + (random.Next(2) == 0 ? id : otherId) }),
            4 => ("foreign secrets", With(paid, "x-signature", FakeMercadoPago.Sign("secret" + random.Next(), id, request, now))),
            5 => ("stale", With(paid, "x-signature", FakeMercadoPago.Sign(FakeMercadoPago.WebhookSecret, id, request, now - random.Next(302, 1_000_000)))),
            6 => ("of the future", With(paid, "x-signature", FakeMercadoPago.Sign(FakeMercadoPago.WebhookSecret, id, request, now + random.Next(330, 1_000_000)))),
            7 => ("unsigned", random.Next(2) == 0 ? FakeMercadoPago.Ipn("payment", id) : With(paid, "x-signature", "")),
            _ => ("signatures in pieces", With(paid, "x-signature", signature[..random.Next(signature.Length)])),
        };
    }

    private static string IdOf(FakeNotification notification) => (string)JsonNode.Parse(notification.Body)!["data"]!["id"]!;

    private static FakeNotification With(FakeNotification notification, string header, string value) =>
        notification with { Headers = new Dictionary<string, string>(notification.Headers) { [header] = value } };

    private static byte[] BitFlipped(Random random, byte[] bytes)
    {
        var flipped = (byte[])bytes.Clone();
        flipped[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    private static string OtherLetter(Random random, string text)
    {
        const string Letters = "0123456789abcdefABCDEF,=tv_";
        while (true)
        {
            var at = random.Next(text.Length);
            var altered = string.Create(CultureInfo.InvariantCulture, $"{text[..at]}{Letters[random.Next(Letters.Length)]}{text[(at + 1)..]}");
            if (altered != text) return altered;
        }
    }
}
