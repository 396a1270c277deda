using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Imports;
using Topup.Server.Tests.Api;
using Xunit;

namespace Topup.Server.Tests.Imports;

/// <summary>The worker does nothing by itself.</summary>
public sealed class SqliteImports() : HostFixture(isPostgres: false, "--Topup:ImportEverySeconds=86400");

public sealed class PostgresImports() : HostFixture(isPostgres: true, "--Topup:ImportEverySeconds=86400", "--Topup:SecretKey=" + Convert.ToBase64String(new byte[32]));

public sealed class ImportsOnSqlite(SqliteImports host) : ImportTests(host), IClassFixture<SqliteImports>;

public sealed class ImportsOnPostgres(PostgresImports host) : ImportTests(host), IClassFixture<PostgresImports>;

/// <summary>Files of tenants and grants: checked whole, done row by row, each once, and what is refused is said.</summary>
public abstract class ImportTests(HostFixture fixture) : ServerTests(fixture)
{
    private ImportWorker Worker => Host.Services.GetRequiredService<ImportWorker>();

    [Fact]
    public async Task A_file_of_tenants_makes_and_replaces_them()
    {
        var (plan, old, other) = (await Host.NewPlan(), await Host.NewTenant(), Host.NewName("tenant"));
        var csv = $"\uFEFFemail,id,name,plan,status,renewal_day,phone\r\nana@example.com,{other},\"Acme, \"\"the\"\" one\",{plan},lapsed,7,'+5511998765432\r\n,{old},  Renamed ,,,,\r\n";

        var started = (await Client.StartImport("tenants", Bytes(csv), reason: "moved", stop: Stop)).Import!;
        (started.Status, started.Rows, started.Done, started.Percent).ShouldBe(("waiting", 2, 0, 0));
        (await Should.ThrowAsync<TopupException>(Client.GetTenant(other, Stop))).Status.ShouldBe(404);
        await Worker.Run(Stop);

        var ended = await Client.GetImport(started.Id, Stop);
        (ended.Status, ended.Done, ended.Failed, ended.Percent).ShouldBe(("done", 2, 0, 100));
        (ended.StartedAt, ended.EndedAt).ShouldBe((TestHostBeginning, TestHostBeginning));
        var made = await Client.GetTenant(other, Stop);
        (made.Name, made.Plan, made.Status, made.RenewalDay, made.Email, made.Phone).ShouldBe(("Acme, \"the\" one", plan, "lapsed", 7, "ana@example.com", "+5511998765432"));
        (await Client.GetTenant(old, Stop)).Name.ShouldBe("Renamed");
        (await All(Client.ListAudit(other, Stop))).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            change => change.Action.ShouldBe("tenant.created"), change => change.Reason.ShouldBe("import " + started.Id), change => change.Actor.ShouldBe(started.Actor));
        (await All(Client.ListAudit(stop: Stop))).Single(change => change.Action == "import.started" && change.Target == started.Id).Reason.ShouldBe("moved");
        (await Host.Events(other)).Select(news => news.Type).ShouldContain("tenant.created");
    }

    [Fact]
    public async Task A_file_of_grants_gives_each_line_once_also_when_a_server_was_lost_in_the_middle()
    {
        var (type, tenant) = (await Host.NewType(decimals: 2), await Host.NewTenant());
        var rows = string.Concat(Enumerable.Range(1, 150).Select(i => $"{tenant};{type};1.5;r{i};2027-01-01T00:00:00Z\n"));
        var started = (await Client.StartImport("grants", Bytes("tenant;credit_type;amount;reference;expires_at\n" + rows), stop: Stop)).Import!;
        started.Totals.ShouldBe(new Dictionary<string, decimal> { [type] = 225 });
        var store = Host.Services.GetRequiredService<ImportStore>();

        // Another server takes the first part, does it, and is lost before it has written so.
        var lost = (await store.Claim(Instant.From(Host.Clock.GetUtcNow()), TimeSpan.FromSeconds(15), Stop))!;
        var grants = Host.Services.GetRequiredService<Topup.Server.Ledger.GrantCredits>();
        var caller = new Topup.Server.Tenancy.Caller(lost.KeyId, "import", Topup.Domain.Tenancy.Scope.Grant, null);
        foreach (var row in lost.Rows.Take(40))
            (await grants.Run(caller, $"§import~{lost.Import}~{row.Line}", ImportRequests.Grant(row.Cells).Value)).Problem.ShouldBeNull();
        await Worker.Run(Stop);
        (await Client.GetImport(started.Id, Stop)).Done.ShouldBe(50, "a part that somebody has is left alone");
        Host.Clock.Advance(TimeSpan.FromSeconds(16));
        await Worker.Run(Stop);

        (await store.Complete(lost, [], Instant.From(Host.Clock.GetUtcNow()), Stop)).ShouldBeNull();
        var ended = await Client.GetImport(started.Id, Stop);
        (ended.Status, ended.Done, ended.Failed).ShouldBe(("done", 150, 0));
        (await Client.GetPool(tenant, type, stop: Stop)).Remaining.Total.ShouldBe(225);
        var entries = await All(Client.ListEntries(tenant, stop: Stop));
        entries.Select(entry => entry.Reference).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(1, 150).Select(i => $"r{i}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("tenants", "", 1, null, "empty")]
    [InlineData("tenants", "id,name,plan\n", 2, null, "no row")]
    [InlineData("tenants", "id,name\na,A\n", 1, "plan", "missing")]
    [InlineData("tenants", "id,name,plan,colour\na,A,,red\n", 1, "colour", "no column")]
    [InlineData("tenants", "id,name,plan\na,A,\nb,B\n", 3, null, "2 cells")]
    [InlineData("tenants", "id,name,plan\na,\"A\nB\",\nc d,C,\n", 2, "name", "name")]
    [InlineData("tenants", "id,name,plan,email\na,A,,\n\nb,B,,nobody\n", 4, "email", "e-mail address")]
    [InlineData("tenants", "id,name,plan,renewal_day\na,A,,32\n", 2, "renewal_day", "from 1 to 31")]
    [InlineData("tenants", "id,name,plan,renewal_day\na,A,,x\n", 2, "renewal_day", "whole number")]
    [InlineData("tenants", "id,name,plan\na,A,\nb,B,\na,C,\n", 4, "id", "line 2")]
    [InlineData("tenants", "id,name,plan\na,\"A\" x,\n", 2, null, "quote")]
    [InlineData("tenants", "id,name,plan\na,A,\nb,\"B,\n", 3, null, "quote")]
    [InlineData("grants", "tenant,type,amount\na,nothing,0\n", 2, "amount", "more than 0")]
    [InlineData("grants", "tenant,type,amount\na,TYPE,1.5\n", 2, "amount", "decimals")]
    [InlineData("grants", "tenant,type,amount\na,TYPE,\"1,5\"\n", 2, "amount", "point")]
    [InlineData("grants", "tenant,type,amount\na,TYPE,-1\n", 2, "amount", "negative")]
    [InlineData("grants", "tenant,type,amount,source\na,TYPE,1,purchase\n", 2, "source", "source must be")]
    [InlineData("grants", "tenant,type,amount,priority\na,TYPE,1,101\n", 2, "priority", "priority")]
    [InlineData("grants", "tenant,type,amount,expires_at\na,TYPE,1,31.12.2027\n", 2, "expires_at", "offset")]
    [InlineData("grants", "tenant,type,amount\n,TYPE,1\n", 2, "tenant", "empty")]
    public async Task A_file_in_which_anything_is_wrong_is_refused_whole(string kind, string csv, int line, string? column, string words)
    {
        var bytes = Bytes(csv.Replace("TYPE", await Host.NewType(), StringComparison.Ordinal));
        var before = (await All(Client.ListImports(Stop))).Count;

        var refused = await Refused(Client.StartImport(kind, bytes, stop: Stop), 400, "import_invalid", column);
        refused.Message.ShouldContain(column is null ? $"Line {line}:" : $"Line {line}, column {column}:");
        refused.Message.ShouldContain(words);
        var check = await Client.CheckImport(kind, bytes, Stop);
        (check.Import, check.Errors[0].Line, check.Errors[0].Column).ShouldBe((null, line, column));

        (await All(Client.ListImports(Stop))).Count.ShouldBe(before);
        (await Worker.RunPart(Stop)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_no_text_too_long_or_too_large_is_refused_with_the_limit()
    {
        (await Refused(Client.StartImport("tenants", [.. Bytes("id,name,plan\na,A,\nb,"), 0xe9, .. Bytes(",\n")], stop: Stop), 400, "import_invalid")).Message.ShouldContain("Line 3: The file must be text in UTF-8");
        var many = await Client.CheckImport("tenants", Bytes("id,name,plan\n" + string.Concat(Enumerable.Range(0, 100_001).Select(i => $"t{i},T,\n"))), Stop);
        (many.Rows, many.Errors[0].Line, many.Errors[0].Detail).ShouldBe((100_000, 100_002, "A file must have at most 100000 rows below its header."));
        (await Refused(Client.StartImport("tenants", new byte[10_000_001], stop: Stop), 413, "body_too_large", "file")).Limit.ShouldBe(10_000_000);
        var wrong = await Client.CheckImport("tenants", Bytes("id,name,plan\n" + string.Concat(Enumerable.Range(0, 250).Select(i => $"t {i},T,\n"))), Stop);
        (wrong.Errors.Count, wrong.ErrorsFound).ShouldBe((100, 250));
    }

    [Fact]
    public async Task Rows_that_are_refused_are_said_with_their_line_and_come_back_in_a_file_that_can_be_imported_again()
    {
        var (type, tenant) = (await Host.NewType(), await Host.NewTenant());
        var (missing, formula) = (Host.NewName("tenant"), "=1+1");
        var started = (await Client.StartImport("grants", Bytes(
            $"tenant,type,amount,reference\n{tenant},{type},1,\n{missing},{type},2,{formula}\n{tenant},nothing,3,\n{tenant},{type},4,\n"), stop: Stop)).Import!;
        await Worker.Run(Stop);

        var ended = await Client.GetImport(started.Id, Stop);
        (ended.Status, ended.Done, ended.Failed).ShouldBe(("done", 2, 2));
        (await Client.GetPool(tenant, type, stop: Stop)).Remaining.Total.ShouldBe(5);
        var file = await Failures(started.Id);
        var lines = file.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("tenant,type,amount,source,reason,reference,priority,effective_at,expires_at,import_line,import_code,import_problem");
        lines[1].ShouldBe($"{missing},{type},2,,,\"'=1+1\",,,,3,tenant_unknown,There is no tenant of this id.");
        lines[2].ShouldBe($"{tenant},nothing,3,,,,,,,4,type_unknown,There is no credit type of this code.");
        lines.Length.ShouldBe(3);

        await Host.SaveTenant(missing, null);
        var again = (await Client.StartImport("grants", Bytes(file.Replace("nothing", type, StringComparison.Ordinal)), stop: Stop)).Import!;
        await Worker.Run(Stop);
        (await Client.GetImport(again.Id, Stop)).Failed.ShouldBe(0);
        (await Client.GetPool(tenant, type, stop: Stop)).Remaining.Total.ShouldBe(8);
        (await All(Client.ListEntries(missing, stop: Stop))).ShouldHaveSingleItem().Reference.ShouldBe(formula);
    }

    [Fact]
    public async Task A_tenant_whose_plan_is_not_there_keeps_no_other_from_being_saved()
    {
        var (first, second) = (Host.NewName("tenant"), Host.NewName("tenant"));
        var started = (await Client.StartImport("tenants", Bytes($"id,name,plan\n{first},A,no-such-plan\n{second},B,\n"), stop: Stop)).Import!;
        await Worker.Run(Stop);
        (await Client.GetImport(started.Id, Stop)).ShouldSatisfyAllConditions(import => import.Done.ShouldBe(1), import => import.Failed.ShouldBe(1));
        (await Failures(started.Id)).ShouldContain("plan_unknown");
        (await Client.GetTenant(second, Stop)).Name.ShouldBe("B");
    }

    [Fact]
    public async Task A_cancel_leaves_what_is_done_and_says_what_was_not_begun()
    {
        var (type, tenant) = (await Host.NewType(), await Host.NewTenant());
        var csv = "tenant,type,amount\n" + string.Concat(Enumerable.Repeat($"{tenant},{type},1\n", 250));
        var id = (await Client.StartImport("grants", Bytes(csv), stop: Stop)).Import!.Id;
        (await Worker.RunPart(Stop)).ShouldBeTrue();
        (await Client.GetImport(id, Stop)).ShouldSatisfyAllConditions(import => import.Status.ShouldBe("running"), import => import.Percent.ShouldBe(40));

        (await Client.CancelImport(id, "wrong file", Stop)).Status.ShouldBe("canceled");
        await Worker.Run(Stop);

        (await Client.GetImport(id, Stop)).ShouldSatisfyAllConditions(import => import.Status.ShouldBe("canceled"), import => import.Done.ShouldBe(100));
        (await Client.GetPool(tenant, type, stop: Stop)).Remaining.Total.ShouldBe(100);
        (await Failures(id)).Split("\r\n").Count(line => line.Contains("import_canceled", StringComparison.Ordinal)).ShouldBe(150);
        (await Client.CancelImport(id, stop: Stop)).Status.ShouldBe("canceled");
        (await All(Client.ListAudit(stop: Stop))).Single(change => change.Action == "import.canceled" && change.Target == id).Reason.ShouldBe("wrong file");

        var done = (await Client.StartImport("grants", Bytes($"tenant,type,amount\n{tenant},{type},1\n"), stop: Stop)).Import!.Id;
        await Worker.Run(Stop);
        await Refused(Client.CancelImport(done, stop: Stop), 409, "import_over");
        await Refused(Client.CancelImport("nothing", stop: Stop), 404, "import_unknown");
        await Refused(Client.GetImport("nothing", Stop), 404, "import_unknown");
    }

    [Fact]
    public async Task What_was_begun_before_a_cancel_is_ended_so_that_nobody_imports_it_twice()
    {
        var (type, tenant) = (await Host.NewType(), await Host.NewTenant());
        var csv = "tenant,type,amount\n" + string.Concat(Enumerable.Repeat($"{tenant},{type},1\n", 200));
        var id = (await Client.StartImport("grants", Bytes(csv), stop: Stop)).Import!.Id;
        (await Host.Services.GetRequiredService<ImportStore>().Claim(Instant.From(Host.Clock.GetUtcNow()), TimeSpan.FromSeconds(15), Stop)).ShouldNotBeNull();
        await Client.CancelImport(id, stop: Stop);
        Host.Clock.Advance(TimeSpan.FromSeconds(16));
        await Worker.Run(Stop);

        (await Client.GetImport(id, Stop)).ShouldSatisfyAllConditions(import => import.Status.ShouldBe("canceled"), import => import.Done.ShouldBe(100));
        (await Failures(id)).Split("\r\n").Count(line => line.Contains("import_canceled", StringComparison.Ordinal)).ShouldBe(100);
        (await Client.GetPool(tenant, type, stop: Stop)).Remaining.Total.ShouldBe(100);
    }

    [Fact]
    public async Task A_request_that_is_sent_twice_starts_one_import()
    {
        var (type, tenant, key) = (await Host.NewType(), await Host.NewTenant(), Host.NewName("key"));
        var csv = Bytes($"tenant,type,amount\n{tenant},{type},1\n");
        var first = await Client.StartImport("grants", csv, key, stop: Stop);
        var second = await Client.StartImport("grants", csv, key, stop: Stop);
        (first.Replayed, second.Replayed, second.Import!.Id).ShouldBe((false, true, first.Import!.Id));
        await Refused(Client.StartImport("grants", Bytes($"tenant,type,amount\n{tenant},{type},2\n"), key, stop: Stop), 409, "idempotency_key_reused", "Idempotency-Key");
        await Worker.Run(Stop);
        (await Client.GetPool(tenant, type, stop: Stop)).Remaining.Total.ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_may_not_do_what_a_row_does_imports_no_file_of_them()
    {
        var csv = Bytes($"id,name,plan\n{Host.NewName("tenant")},A,\n");
        using var granter = new TopupClient(Host.NewHttp(await Host.NewKey(null, "read", "grant")));
        await Refused(granter.StartImport("tenants", csv, stop: Stop), 403, "forbidden");
        await Refused(granter.CheckImport("tenants", csv, Stop), 403, "forbidden");
        var started = (await Client.StartImport("tenants", csv, stop: Stop)).Import!;
        await Refused(granter.CancelImport(started.Id, stop: Stop), 403, "forbidden");
        (await granter.GetImport(started.Id, Stop)).Status.ShouldBe("waiting");

        using var ofOne = new TopupClient(Host.NewHttp(await Host.NewKey(await Host.NewTenant(), "read", "grant", "tenants")));
        foreach (var call in (Func<Task>[])[() => ofOne.StartImport("tenants", csv, stop: Stop), () => ofOne.GetImport(started.Id, Stop), () => ofOne.ListImportsPage(stop: Stop),
            () => ofOne.CancelImport(started.Id, stop: Stop), () => ofOne.ExportImportFailures(started.Id, Stop)])
            await Refused(call(), 403, "forbidden");
        await Client.CancelImport(started.Id, stop: Stop);
    }

    [Fact]
    public async Task Requests_that_cannot_be_are_refused_with_the_field()
    {
        await Refused(Client.StartImport("people", Bytes("x"), stop: Stop), 400, "invalid_field", "kind");
        using var json = new StringContent("{}", Encoding.UTF8, "application/json");
        using var message = new HttpRequestMessage(HttpMethod.Post, "/v1/imports?kind=tenants") { Content = json };
        message.Headers.Add("Idempotency-Key", Host.NewName("key"));
        var problem = await ProblemReader.Read(await Host.Http.SendAsync(message, Stop), "json");
        (problem.Status, problem.Code).ShouldBe((415, "unsupported_media_type"));
        using var csv = new StringContent("id,name,plan\na,A,\n", Encoding.UTF8, "text/csv");
        (await ProblemReader.Read(await Host.Http.PostAsync("/v1/imports?kind=tenants", csv, Stop), "key")).Code.ShouldBe("idempotency_key_required");
        using var other = new StringContent("id,name,plan\na,A,\n", Encoding.UTF8, "text/csv");
        (await ProblemReader.Read(await Host.Http.PostAsync("/v1/imports?kind=tenants&dry_run=maybe", other, Stop), "dry")).Field.ShouldBe("dry_run");
    }

    [Fact]
    public async Task Only_so_many_imports_are_open_at_once()
    {
        var ids = new List<string>();
        for (var i = 0; i < 20; i++) ids.Add((await Client.StartImport("tenants", Bytes($"id,name,plan\n{Host.NewName("tenant")},A,\n"), stop: Stop)).Import!.Id);
        (await Refused(Client.StartImport("tenants", Bytes("id,name,plan\na,A,\n"), stop: Stop), 409, "too_many_imports")).Limit.ShouldBe(20);
        await Worker.Run(Stop);
        foreach (var id in ids) (await Client.GetImport(id, Stop)).Status.ShouldBe("done");
    }

    [Fact]
    public async Task Rows_are_forgotten_thirty_days_after_the_end()
    {
        var started = (await Client.StartImport("tenants", Bytes($"id,name,plan\n{Host.NewName("tenant")},Canary,no-such-plan\n"), stop: Stop)).Import!;
        await Worker.Run(Stop);
        (await Failures(started.Id)).ShouldContain("Canary");
        var store = Host.Services.GetRequiredService<ImportStore>();
        Host.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        await store.Purge(Instant.From(Host.Clock.GetUtcNow()), Stop);
        (await Failures(started.Id)).ShouldContain("Canary");
        Host.Clock.Advance(TimeSpan.FromSeconds(1));
        await store.Purge(Instant.From(Host.Clock.GetUtcNow()), Stop);
        (await Failures(started.Id)).ShouldNotContain("Canary");
        (await Client.GetImport(started.Id, Stop)).Failed.ShouldBe(1);
    }

    [Fact]
    public async Task An_export_of_tenants_can_be_imported()
    {
        var (from, to) = (await Host.NewTenant(), Host.NewName("tenant"));
        await Client.SaveTenant(from, new TenantRequest { Name = "-Ana, S.A.", Plan = null, Phone = "+5511998765432", Email = "ana@example.com" }, stop: Stop);
        var csv = await Host.Http.GetStringAsync($"/v1/tenants?format=csv&search={from}", Stop);
        csv.ShouldContain("'+5511998765432");
        await Client.StartImport("tenants", Bytes(csv.Replace(from, to, StringComparison.Ordinal)), stop: Stop);
        await Worker.Run(Stop);
        var made = await Client.GetTenant(to, Stop);
        (made.Name, made.Phone, made.Email).ShouldBe(("-Ana, S.A.", "+5511998765432", "ana@example.com"));
    }

    private static DateTimeOffset TestHostBeginning => Topup.Testing.TestHost.Beginning;

    private async Task<string> Failures(string id)
    {
        using var reader = new StreamReader(await Client.ExportImportFailures(id, Stop));
        return await reader.ReadToEndAsync(Stop);
    }

    private static byte[] Bytes(string csv) => Encoding.UTF8.GetBytes(csv);
}
