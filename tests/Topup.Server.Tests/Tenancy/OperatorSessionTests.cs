using Dapper;
using Shouldly;
using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;
using Topup.Server.Tenancy.Operators;
using Xunit;

namespace Topup.Server.Tests.Tenancy;

public sealed class OperatorSessionOnSqlite(SqliteHost host) : OperatorSessionTests(host), IClassFixture<SqliteHost>;

public sealed class OperatorSessionOnPostgres(PostgresHost host) : OperatorSessionTests(host), IClassFixture<PostgresHost>;

public abstract class OperatorSessionTests(HostFixture fixture) : OperatorUnderTest(fixture)
{
    [Fact]
    public async Task A_session_ends_when_it_is_not_used_for_twelve_hours()
    {
        var (token, _) = await SignedIn(await NewOperator());
        Host.Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        (await Find(token)).ShouldNotBeNull();
        Host.Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        (await Find(token)).ShouldNotBeNull("it was used since");
        Host.Clock.Advance(TimeSpan.FromHours(12));
        (await Find(token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_session_ends_after_seven_days_however_much_it_is_used()
    {
        var (token, _) = await SignedIn(await NewOperator());
        for (var hours = 6; hours < 7 * 24; hours += 6)
        {
            Host.Clock.Advance(TimeSpan.FromHours(6));
            (await Find(token)).ShouldNotBeNull();
        }
        Host.Clock.Advance(TimeSpan.FromHours(6));
        (await Find(token)).ShouldBeNull();
    }

    [Fact]
    public async Task Use_is_noted_at_most_once_a_minute()
    {
        var who = await NewOperator();
        var (token, session) = await SignedIn(who);
        var began = Now;
        Host.Clock.Advance(TimeSpan.FromSeconds(59));
        await Find(token);
        (await Verb<OperatorSessions>().List(session, Stop)).Single().SeenAt.ShouldBe(began);
        Host.Clock.Advance(TimeSpan.FromSeconds(1));
        await Find(token);
        (await Verb<OperatorSessions>().List(session, Stop)).Single().SeenAt.ShouldBe(Now);
    }

    [Fact]
    public async Task A_token_is_worth_nothing_after_signing_out_and_others_go_on()
    {
        var who = await NewOperator();
        var ((token, session), (other, _)) = (await SignedIn(who), await SignedIn(who));
        await Verb<OperatorSessions>().End(session, Stop);
        (await Find(token)).ShouldBeNull();
        (await Find(other)).ShouldNotBeNull();
        foreach (var nonsense in new[] { "", " ", "é", new string('x', 300), token + "x", who.Id }) (await Find(nonsense)).ShouldBeNull(nonsense);
    }

    [Fact]
    public async Task An_operator_sees_and_ends_the_own_sessions_and_nobody_elses()
    {
        var (who, foreign) = (await NewOperator(), await NewOperator(OperatorRole.Owner));
        var ((_, here), (phone, _), (tablet, _)) = (await SignedIn(who), await SignedIn(who, address: "203.0.113.9"), await SignedIn(who));
        var (foreignToken, foreignSession) = await SignedIn(foreign);
        var sessions = Verb<OperatorSessions>();

        var listed = await sessions.List(here, Stop);
        listed.Count.ShouldBe(3);
        listed.Single(one => one.IsThis).SessionId.ShouldBe(here.SessionId);
        var onPhone = listed.Single(one => one.Address == "203.0.113.9");
        (onPhone.UserAgent, onPhone.BeganAt).ShouldBe(("a browser", Now));

        (await sessions.End(here, foreignSession.SessionId, Stop)).ShouldBeFalse();
        (await Find(foreignToken)).ShouldNotBeNull();
        (await sessions.End(here, onPhone.SessionId, Stop)).ShouldBeTrue();
        (await sessions.End(here, onPhone.SessionId, Stop)).ShouldBeFalse();
        (await Find(phone)).ShouldBeNull();
        (await sessions.EndOthers(here, Stop)).ShouldBe(1);
        (await Find(tablet)).ShouldBeNull();
        (await sessions.List(here, Stop)).Single().IsThis.ShouldBeTrue();
        (await Find(foreignToken)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_new_password_ends_all_other_sessions_and_asks_for_the_old_one()
    {
        var who = await NewOperator();
        var ((here, session), (other, _)) = (await SignedIn(who), await SignedIn(who));
        var change = Verb<ChangePassword>();
        (await change.Run(session, "wrong", "another long sentence", NewAddress(), Stop))!.Field.ShouldBe("current");
        (await change.Run(session, Password, "short", NewAddress(), Stop))!.Field.ShouldBe("password");
        (await change.Run(session, Password, "x" + who.Email, NewAddress(), Stop))!.Field.ShouldBe("password");
        (await change.Run(session, Password, "Password1234!", NewAddress(), Stop))!.Field.ShouldBe("password");
        (await Find(other)).ShouldNotBeNull();

        (await change.Run(session, Password, "another long sentence", NewAddress(), Stop)).ShouldBeNull();
        (await Find(here)).ShouldNotBeNull();
        (await Find(other)).ShouldBeNull();
        (await SignIn(who.Email)).Proof.ShouldBe(Proof.Wrong);
        (await SignIn(who.Email, "another long sentence")).Proof.ShouldBe(Proof.Right);
        for (var i = 0; i <= SignInFailures.FreeOfAccount; i++) await change.Run(session, "wrong", "another long sentence", NewAddress(), Stop);
        (await change.Run(session, Password, "another long sentence", NewAddress(), Stop))!.Code.ShouldBe("too_many_attempts");
    }

    [Fact]
    public async Task Name_language_and_looks_are_the_operators_own()
    {
        var (token, session) = await SignedIn(await NewOperator());
        var save = Verb<SaveProfile>();
        (await save.Run(session, "", "", "auto", Stop))!.Field.ShouldBe("name");
        (await save.Run(session, "Ana", "not a language", "auto", Stop))!.Field.ShouldBe("locale");
        (await save.Run(session, "Ana", "pt-BR", "pink", Stop))!.Field.ShouldBe("theme");
        (await save.Run(session, "Anabel", "pt-BR", "dark", Stop)).ShouldBeNull();
        var seen = (await Find(token))!;
        (seen.Name, seen.Locale, seen.Theme).ShouldBe(("Anabel", "pt-BR", "dark"));
        (await AuditText()).ShouldNotContain("Anabel");
    }

    [Fact]
    public async Task What_an_operator_does_stands_under_their_id_in_the_audit_and_in_history()
    {
        var who = await NewOperator();
        var (_, session) = await SignedIn(who);
        var (tenant, type) = (await Host.NewTenant(), await Host.NewType());
        var granted = await Verb<GrantCredits>().Run(session.Caller, "k", new GrantRequest { Tenant = tenant, Type = type, Amount = 5, Source = "adjustment", Reason = "a gift" });
        granted.Problem.ShouldBeNull();
        (await All(Client.ListEntries(tenant, stop: Stop))).Single().Actor.ShouldBe("staff:" + who.Id);
        await Verb<SaveTenant>().Run(tenant, new TenantRequest { Name = "Other", Plan = null }, Author.Of(session.Caller, "asked by phone"), Stop);
        var change = (await All(Client.ListAudit(tenant, Stop))).Single(one => one.Action == "tenant.changed");
        (change.Actor, change.Reason).ShouldBe(("staff:" + who.Id, "asked by phone"));
    }

    [Fact]
    public async Task What_counts_no_more_is_forgotten()
    {
        var expired = Verb<ExpiredSessions>();
        await SignedIn(await NewOperator());
        await SignIn(NewEmail(), "wrong");
        await SetupToken.New(Database, Host.Clock, Stop);
        Host.Clock.Advance(TimeSpan.FromDays(2));
        (await expired.Run(Stop)).ShouldBeGreaterThan(0);
        (await Rows("operator_links"), await Rows("sign_in_failures where failures > 0")).ShouldBe((0, 0));
        (await Rows("operator_sessions")).ShouldBeGreaterThan(0, "it says from which networks an operator has come");
        Host.Clock.Advance(TimeSpan.FromDays(30));
        await expired.Run(Stop);
        (await Rows("operator_sessions")).ShouldBe(0);
    }

    private Task<long> Rows(string table) => Database.Read(connection => connection.ExecuteScalarAsync<long>("select count(*) from " + table), Stop);
}
