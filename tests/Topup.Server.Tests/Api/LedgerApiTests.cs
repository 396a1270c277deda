using System.Text;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Api;

public sealed class LedgerApiOnSqlite(SqliteHost host) : LedgerApiTests(host), IClassFixture<SqliteHost>;

public sealed class LedgerApiOnPostgres(PostgresHost host) : LedgerApiTests(host), IClassFixture<PostgresHost>;

public abstract class LedgerApiTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task A_batch_answers_each_item_on_its_own_and_in_order()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant();
        await Host.Grant(tenant, sms, 3);
        var item = new ConsumeItem { Key = "a", Tenant = tenant, Type = sms, Amount = 2 };

        var reply = await Client.ConsumeBatch(new ConsumeBatchRequest
        {
            Items =
            [
                item, item, item with { Key = "b" }, item with { Key = "c", Amount = 0 }, item with { Key = "d", Tenant = "nobody" },
                item with { Key = "a", Amount = 1 }, item with { Key = "e", Amount = 1 },
            ],
        }, Stop);

        reply.Items.Select(answer => (answer.Key, answer.Reply?.Allowed, answer.Reply?.Replayed, answer.Problem?.Code)).ShouldBe(
        [
            ("a", true, false, null), ("a", true, true, null), ("b", false, false, null), ("c", null, null, "invalid_field"),
            ("d", null, null, "tenant_unknown"), ("a", null, null, "idempotency_key_reused"), ("e", true, false, null),
        ]);
    }

    [Fact]
    public async Task A_thousand_items_in_one_batch()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant();
        await Host.Grant(tenant, sms, 700);
        var items = Enumerable.Range(0, 1_000).Select(i => new ConsumeItem { Key = $"k{i}", Tenant = tenant, Type = sms }).ToList();

        var reply = await Client.ConsumeBatch(new ConsumeBatchRequest { Items = items }, Stop);

        reply.Items.Count(answer => answer.Reply!.Allowed).ShouldBe(700);
        reply.Items.Select(answer => answer.Key).ShouldBe(items.Select(item => item.Key));
    }

    [Fact]
    public async Task The_last_credit_goes_to_exactly_one_of_a_thousand_who_ask_at_once()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant();
        await Host.Grant(tenant, sms, 1);

        var replies = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Host.Consume(tenant, sms)));

        replies.Count(reply => reply.Allowed).ShouldBe(1);
        replies.ShouldAllBe(reply => reply.Remaining.Total == 0);
    }

    [Fact]
    public async Task The_same_key_fifty_times_at_once_has_one_effect_and_one_reply()
    {
        var sms = await Host.NewType();
        var (tenant, other) = (await Host.NewTenant(), await Host.NewTenant());
        await Host.Grant(tenant, sms, 100);
        await Host.Grant(other, sms, 100);

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Host.Consume(tenant, sms, 3, "once")));

        replies.Count(reply => !reply.Replayed).ShouldBe(1);
        replies.Select(reply => (reply.Entry, reply.Remaining.Total, reply.Drawn.Purchased)).Distinct().Single().ShouldBe((replies[0].Entry, 97, 3));
        (await Host.Consume(other, sms, 1, "once")).Replayed.ShouldBeFalse();
        await Refused(Host.Consume(tenant, sms, 4, "once"), 409, "idempotency_key_reused", "Idempotency-Key");
        (await Host.Consume(tenant, sms, 3.0m, "once")).Replayed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_grant_says_what_it_made_and_its_replay_says_the_same()
    {
        var sms = await Host.NewType(decimals: 2);
        var tenant = await Host.NewTenant();
        var request = new GrantRequest
        {
            Tenant = tenant, Type = sms, Amount = 1.25m, Source = "promotional", Reason = "welcome", Priority = 10, Reference = "ref 1",
            EffectiveAt = Host.Clock.GetUtcNow().AddHours(1), ExpiresAt = Host.Clock.GetUtcNow().AddDays(1),
        };
        var made = await Client.GrantCredits(request, "grant-1", Stop);
        (made.Amount, made.ExpiresAt, made.Remaining.Total, made.Replayed).ShouldBe((1.25m, request.ExpiresAt, 0, false));
        (await Client.GrantCredits(request, "grant-1", Stop)).ShouldBe(made with { Replayed = true });
        await Refused(Client.GrantCredits(request with { Amount = 2 }, "grant-1", Stop), 409, "idempotency_key_reused", "Idempotency-Key");

        Host.Clock.Advance(TimeSpan.FromHours(1));
        var pool = await Client.GetPool(tenant, sms, Stop);
        pool.Remaining.Total.ShouldBe(1.25m);
        pool.Lots.Single().ShouldSatisfyAllConditions(lot => lot.Id.ShouldBe(made.Grant), lot => lot.Priority.ShouldBe(10), lot => lot.Source.ShouldBe("promotional"));
        (await Client.ListPools(tenant, Stop)).ShouldContain(view => view.Type == sms && view.Status == "ok");
        await Refused(Client.GrantCredits(request with { ExpiresAt = Host.Clock.GetUtcNow() }, stop: Stop), 400, "invalid_field", "expires_at");
        await Refused(Client.GrantCredits(request with { Source = "purchase" }, stop: Stop), 400, "invalid_field", "source");
    }

    [Fact]
    public async Task History_is_filtered_and_paged_with_before_and_after_on_every_line()
    {
        var (sms, email) = (await Host.NewType(), await Host.NewType());
        var tenant = await Host.NewTenant();
        await Host.Grant(tenant, sms, 100);
        await Host.Grant(tenant, email, 100);
        Host.Clock.Advance(TimeSpan.FromHours(1));
        var middle = Host.Clock.GetUtcNow();
        for (var i = 0; i < 5; i++)
        {
            await Client.ConsumeCredits(new ConsumeRequest
            {
                Tenant = tenant, Type = i % 2 == 0 ? sms : email, Subject = $"user {i}", UsageType = "otp", Reference = $"msg {i}",
            }, $"key {i}", Stop);
        }

        async Task<int> Count(EntryFilter filter) => (await All(Client.ListEntries(tenant, filter, Stop))).Count;
        (await Count(new EntryFilter { Kind = "consume" })).ShouldBe(5);
        (await Count(new EntryFilter { Kind = "consume", Type = email })).ShouldBe(2);
        (await Count(new EntryFilter { Subject = "user 3" })).ShouldBe(1);
        (await Count(new EntryFilter { UsageType = "otp" })).ShouldBe(5);
        (await Count(new EntryFilter { Reference = "msg 4" })).ShouldBe(1);
        (await Count(new EntryFilter { From = middle })).ShouldBe(5);
        (await Count(new EntryFilter { To = middle })).ShouldBe(2);
        (await Count(new EntryFilter { From = middle.AddTicks(1), To = middle.AddHours(-1) })).ShouldBe(0);

        var first = await Client.ListEntriesPage(tenant, limit: 4, stop: Stop);
        var second = await Client.ListEntriesPage(tenant, limit: 4, cursor: first.NextCursor, stop: Stop);
        (first.Data.Count, second.Data.Count, second.NextCursor).ShouldBe((4, 3, null));
        var newest = first.Data[0];
        (newest.Kind, newest.Key, newest.Subject, newest.UsageType, newest.Reference, newest.At)
            .ShouldBe(("consume", "key 4", "user 4", "otp", "msg 4", middle));
        (newest.Before.Purchased, newest.After.Purchased, newest.Amount).ShouldBe((98, 97, 1));
        await Refused(Client.ListEntriesPage(tenant, new EntryFilter { Kind = "nonsense" }, stop: Stop), 400, "invalid_field", "kind");
        await Refused(Client.ListEntriesPage("nobody", stop: Stop), 404, "tenant_unknown", "tenant");
    }

    [Fact]
    public async Task The_file_is_CSV_by_RFC_4180_and_no_cell_of_text_is_a_formula()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant();
        await Host.Grant(tenant, sms, 1_500);
        string[] texts = ["=1+1", "+1", "-1", "@SUM(A1)", "a,b", "say \"hi\"", "é 株", "=HYPERLINK(\"http://x\",\"y\")", " lead"];
        foreach (var text in texts)
            await Client.ConsumeCredits(new ConsumeRequest { Tenant = tenant, Type = sms, Reference = text, Subject = text }, stop: Stop);
        var items = Enumerable.Range(0, 1_000).Select(i => new ConsumeItem { Key = $"k{i}", Tenant = tenant, Type = sms }).ToList();
        await Client.ConsumeBatch(new ConsumeBatchRequest { Items = items }, Stop);
        await Client.ConsumeBatch(new ConsumeBatchRequest { Items = [.. items.Take(400).Select(item => item with { Key = "x" + item.Key })] }, Stop);

        using var reader = new StreamReader(await Client.ExportEntries(tenant, stop: Stop), new UTF8Encoding(false, true));
        var rows = Csv(await reader.ReadToEndAsync(Stop));

        var titles = rows[0];
        rows.ShouldAllBe(row => row.Count == titles.Count);
        rows.Count.ShouldBe(1 + 1 + texts.Length + 1_400);
        var references = rows.Skip(1).Select(row => row[titles.IndexOf("reference")]).Where(text => text.Length > 0).Reverse().ToList();
        references.Count.ShouldBe(texts.Length);
        foreach (var (cell, text) in references.Zip(texts))
        {
            cell[0].ShouldNotBeOneOf('=', '+', '-', '@', '\t', '\r');
            cell.TrimStart('\'').ShouldBe(text);
        }
        rows.Skip(1).ShouldAllBe(row => decimal.Parse(row[titles.IndexOf("amount")], System.Globalization.CultureInfo.InvariantCulture) > 0);
        var consumes = new StreamReader(await Client.ExportEntries(tenant, new EntryFilter { Reference = "a,b" }, Stop));
        Csv(await consumes.ReadToEndAsync(Stop)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_report_of_a_verification_is_kept()
    {
        await Host.NewTenant();
        var report = await Client.VerifyLedger(stop: Stop);
        report.Ok.ShouldBeTrue();
        report.Tenants.ShouldBeGreaterThan(0);
        (await Client.GetVerification(Stop)).FinishedAt.ShouldBe(report.FinishedAt);
        var tenant = await Host.NewTenant();
        (await Client.VerifyLedger(tenant, Stop)).Tenants.ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_says_where_to_top_up_when_the_operator_has_said_so()
    {
        await using var host = await Fixture.NewHost("--Topup:TopUpUrl=https://shop.example.com/?t={tenant}&c={type}");
        var sms = await host.NewType();
        var tenant = await host.NewTenant();
        (await host.Consume(tenant, sms)).TopupUrl.ShouldBe($"https://shop.example.com/?t={tenant}&c={sms}");
    }

    /// <summary>A strict reader of RFC 4180: lines end with CR LF, quotes are doubled inside quotes and stand nowhere else.</summary>
    private static List<List<string>> Csv(string text)
    {
        var (rows, row, at) = (new List<List<string>>(), new List<string>(), 0);
        while (at < text.Length)
        {
            var cell = new StringBuilder();
            if (text[at] == '"')
            {
                for (at++; text[at] != '"' || (at + 1 < text.Length && text[at + 1] == '"'); at++)
                {
                    if (text[at] == '"') at++;
                    cell.Append(text[at]);
                }
                at++;
            }
            else
            {
                for (; text[at] is not (',' or '\r'); at++) Plain(cell, text[at]);
            }
            row.Add(cell.ToString());
            if (text[at] == ',')
            {
                at++;
                continue;
            }
            text.Substring(at, 2).ShouldBe("\r\n");
            at += 2;
            rows.Add(row);
            row = [];
        }
        row.ShouldBeEmpty();
        return rows;
    }

    private static void Plain(StringBuilder cell, char letter)
    {
        letter.ShouldNotBeOneOf('"', '\n');
        cell.Append(letter);
    }
}
