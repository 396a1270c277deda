using System.Globalization;
using Topup.Client;
using Topup.Contracts;
using Topup.Testing;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P32: every credit of a message is accounted for. 100,000 e-mails go through a real mail server while this server is
/// killed at random moments; callers without an answer ask again with their keys. No mail may be in the mailbox twice, what is
/// sent must be there, and once the mailbox has said what became of the unknown ones, as many credits are spent as mails lie there.
/// </summary>
internal sealed class P32MessagesAccounted : Proof
{
    private const int Messages = 100_000;
    private const int BatchSize = 200;
    private const int MessagesPerKill = 1_000;
    private const int Tenants = 8;
    private const string Type = "email";

    /// <summary>Longer than a driver may have a message: by then nobody has it any more.</summary>
    private static readonly TimeSpan UnknownAfter = TimeSpan.FromMinutes(5.5);
    private static readonly TimeSpan Patience = TimeSpan.FromHours(3);

    public override string Name => "P32";

    public override string Promise => "Messages through a real mail server, with the server killed meanwhile: none goes twice, and every credit is accounted for.";

    public override async Task Run(Trial trial)
    {
        using (var folder = new TemporaryFolder())
        await using (var server = await ServerProcess.OnSqlite(folder.Path))
            await Run(trial, server, "SQLite");
        await using var postgres = await PrivatePostgres.Start();
        await using (var server = await ServerProcess.OnPostgres(await postgres.NewDatabase(), ("SecretKey", Convert.ToBase64String(new byte[32]))))
            await Run(trial, server, "PostgreSQL");
    }

    private static async Task Run(Trial trial, ServerProcess server, string database)
    {
        await using var mail = await RealMailServer.Open();
        using var client = new TopupClient(server.Address, ServerProcess.Key);
        // Whole batches, and none fewer than were asked for.
        var perTenant = (trial.Of(Messages / 2) + Tenants * BatchSize - 1) / (Tenants * BatchSize) * BatchSize;
        var total = perTenant * Tenants;
        await SetUp(client, mail, perTenant);

        var kills = 0;
        using (var sent = new CancellationTokenSource())
        {
            var killing = KillUntil(trial, server, mail, total, sent.Token);
            await Task.WhenAll(Enumerable.Range(0, Tenants).Select(tenant => SendAll(client, TenantOf(tenant), perTenant)));
            await Wait(async () => await Count(client, "queued") == 0, "all that waits is handed over");
            await sent.CancelAsync();
            kills = await killing;
        }
        trial.Fault("kills on " + database, kills);
        await Wait(async () => await Count(client, "sending") == 0, "what was lost is known to be unknown", UnknownAfter + TimeSpan.FromMinutes(5));
        await Wait(() => Task.FromResult(!mail.HasQueue), "the mail server has delivered what it took");

        var delivered = mail.Mails().GroupBy(found => found.MessageId).ToDictionary(found => found.Key, found => found.Count(), StringComparer.Ordinal);
        BrokenPromiseException.Unless(delivered.Values.All(count => count == 1), $"{delivered.Values.Count(count => count > 1)} mails went twice.");
        var unknown = new List<string>();
        var missing = 0;
        await foreach (var message in client.ListAllMessages())
        {
            BrokenPromiseException.Unless(message.Status is "sent" or "unknown" or "failed", $"{message.Id} is {message.Status}.");
            if (message.Status == "unknown") unknown.Add(message.Id);
            else if (message.Status == "sent" != delivered.ContainsKey(MailIdOf(message.Id))) missing++;
        }
        BrokenPromiseException.Unless(missing == 0, $"{missing} messages are sent without a mail, or failed with one.");
        BrokenPromiseException.Unless(await Sum(client, left => left.Held) == unknown.Count, $"{await Sum(client, left => left.Held)} credits are held for {unknown.Count} unknown messages.");

        foreach (var id in unknown)
            await client.ResolveMessage(id, new ResolveMessageRequest { Outcome = delivered.ContainsKey(MailIdOf(id)) ? "sent" : "not_sent", Reason = "the mailbox" });
        var (held, left) = (await Sum(client, found => found.Held), await Sum(client, found => found.Total));
        BrokenPromiseException.Unless(held == 0 && left == 2L * total - delivered.Count, $"{delivered.Count} mails are delivered, and {2L * total - left - held} credits spent, {held} held.");
        BrokenPromiseException.Unless((await client.VerifyLedger()).Ok, "The ledger does not verify.");
        trial.Ran("messages on " + database, total);
        trial.Saw($"{database}: {delivered.Count} mails delivered, {unknown.Count} outcomes lost in {kills} kills, none sent twice, every credit accounted for");
    }

    private static async Task SetUp(TopupClient client, RealMailServer mail, int perTenant)
    {
        await client.SaveCreditType(Type, new CreditTypeRequest { Name = "E-mail", Unit = "message", Decimals = 0, Channel = "email" });
        await client.SaveMessageDriver("mail", new MessageDriverRequest
        {
            Kind = "smtp", Channel = "email", Host = "localhost", Port = mail.Port, Security = "none", From = "shop@example.org", Concurrency = 20,
        });
        for (var tenant = 0; tenant < Tenants; tenant++)
        {
            await client.SaveTenant(TenantOf(tenant), new TenantRequest { Name = "x", Plan = null });
            await client.GrantCredits(new GrantRequest { Tenant = TenantOf(tenant), Type = Type, Amount = 2 * perTenant, Source = "promotional" });
        }
    }

    /// <summary>Each batch until it is answered: a key makes one message, however often it is sent.</summary>
    private static async Task SendAll(TopupClient client, string tenant, int count)
    {
        for (var start = 0; start < count; start += BatchSize)
        {
            var batch = new MessageBatchRequest
            {
                Items = [.. Enumerable.Range(start, BatchSize).Select(at => new MessageItem
                {
                    Key = at.ToString(CultureInfo.InvariantCulture), Tenant = tenant, Channel = "email", To = $"{tenant}-{at}@example.com", Subject = $"Number {at}", Text = "Hello.",
                })],
            };
            await Wait(async () =>
            {
                var reply = await client.SendMessageBatch(batch);
                return reply.Items.All(item => item.Reply is { Message.Status: not "refused" });
            }, "a batch is taken");
        }
    }

    /// <summary>Kills and restarts about once for so many mails that arrive.</summary>
    private static async Task<int> KillUntil(Trial trial, ServerProcess server, RealMailServer mail, int total, CancellationToken stop)
    {
        var kills = 0;
        var every = Math.Clamp(total / 8, BatchSize, MessagesPerKill);
        while (!stop.IsCancellationRequested)
        {
            var at = mail.Count + trial.Random.Next(every / 2, every * 3 / 2);
            while (mail.Count < at && !stop.IsCancellationRequested) await Task.Delay(100, CancellationToken.None);
            if (stop.IsCancellationRequested) break;
            await server.Kill();
            await server.Restart();
            kills++;
        }
        return kills;
    }

    private static string TenantOf(int number) => string.Create(CultureInfo.InvariantCulture, $"tenant{number}");

    /// <summary>The same for every attempt, by which the mailbox tells which message a mail is.</summary>
    private static string MailIdOf(string message) => message.Split('~')[1] + "@example.org";

    /// <summary>0, or some: nobody counts further than to a page.</summary>
    private static async Task<int> Count(TopupClient client, string status) => (await client.ListAllMessagesPage(status, limit: 1)).Data.Count;

    private static async Task<decimal> Sum(TopupClient client, Func<Remaining, decimal> of)
    {
        var sum = 0m;
        for (var tenant = 0; tenant < Tenants; tenant++) sum += of((await client.GetPool(TenantOf(tenant), Type)).Remaining);
        return sum;
    }

    /// <summary>A server that is just being killed answers nothing; it is asked again.</summary>
    private static async Task Wait(Func<Task<bool>> isSo, string what, TimeSpan? patience = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                if (await isSo()) return;
            }
            catch (Exception gone) when (gone is HttpRequestException or TaskCanceledException or TopupException)
            {
                // It starts again.
            }
            BrokenPromiseException.Unless(TimeProvider.System.GetElapsedTime(started) < (patience ?? Patience), "Not in time: " + what);
            await Task.Delay(100);
        }
    }
}
