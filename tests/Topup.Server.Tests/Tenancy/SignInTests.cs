using System.Buffers.Binary;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Domain.Tenancy;
using Topup.Server.Tenancy.Operators;
using Xunit;

namespace Topup.Server.Tests.Tenancy;

public sealed class SignInOnSqlite(SqliteHost host) : SignInTests(host), IClassFixture<SqliteHost>;

public sealed class SignInOnPostgres(PostgresHost host) : SignInTests(host), IClassFixture<PostgresHost>;

public abstract class SignInTests(HostFixture fixture) : OperatorUnderTest(fixture)
{
    [Fact]
    public async Task The_right_password_opens_a_session_with_the_rights_of_the_role()
    {
        foreach (var (role, may, mayNot) in new[]
        {
            (OperatorRole.Owner, Scope.All, Scope.None),
            (OperatorRole.Manager, Scope.Grant | Scope.Catalog | Scope.Tenants, Scope.Keys),
            (OperatorRole.Support, Scope.Read, Scope.Grant),
        })
        {
            var who = await NewOperator(role);
            var (_, session) = await SignedIn(who);
            (session.OperatorId, session.Email, session.Role, session.HasSecondFactor, session.ConfirmedAt).ShouldBe((who.Id, who.Email, role, false, Now));
            (session.Caller.Actor, session.Caller.TenantId, session.Caller.May(may)).ShouldBe(("staff:" + who.Id, null, true));
            if (mayNot != Scope.None) session.Caller.May(mayNot).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Whoever_guesses_learns_nothing_of_who_is_there_and_each_guess_costs_one_hash()
    {
        var (there, disabled, invited) = (await NewOperator(), await NewOperator(), await NewOperator(hash: ""));
        await Save(disabled with { Enabled = 0 });
        var passwords = CheapPasswords;
        foreach (var (email, password) in new[]
        {
            (there.Email, "wrong"), (NewEmail(), Password), (disabled.Email, Password), (invited.Email, ""), (invited.Email, "a password that nobody has"),
            (there.Email, new string('x', 10_000)), ("", ""),
        })
        {
            var before = passwords.Checks;
            (await SignIn(email, password)).ShouldBe(SignInResult.Not(Proof.Wrong), email);
            (passwords.Checks - before).ShouldBe(1, email);
        }
        (await SignIn(" " + there.Email.ToUpperInvariant())).Proof.ShouldBe(Proof.Right, "an address is the same in capitals");
    }

    [Fact]
    public async Task Guessing_at_one_account_waits_longer_each_time_but_never_longer_than_a_minute()
    {
        var who = await NewOperator();
        for (var i = 0; i < SignInFailures.FreeOfAccount; i++) (await SignIn(who.Email, "wrong")).Proof.ShouldBe(Proof.Wrong);
        foreach (var wait in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            (await SignIn(who.Email, "wrong")).Proof.ShouldBe(Proof.Wrong);
            var before = CheapPasswords.Checks;
            (await SignIn(who.Email)).ShouldBe(SignInResult.Not(Proof.Wait, wait), "what comes too early is not looked at, not even the right password");
            (await SignIn(who.Email)).ShouldBe(SignInResult.Not(Proof.Wait, wait), "and makes nobody wait longer");
            CheapPasswords.Checks.ShouldBe(before);
            Host.Clock.Advance(TimeSpan.FromSeconds(wait));
        }
        (await SignIn(who.Email)).Proof.ShouldBe(Proof.Right);
        for (var i = 0; i < SignInFailures.FreeOfAccount; i++) (await SignIn(who.Email, "wrong")).Proof.ShouldBe(Proof.Wrong, "a sign-in forgets what failed before");
    }

    [Fact]
    public async Task Nobody_can_keep_an_operator_out_of_a_network_they_have_come_from()
    {
        var (who, office) = (await NewOperator(), NewAddress());
        await SignedIn(who, address: office);
        for (var i = 0; i <= SignInFailures.FreeOfAccount; i++) await SignIn(who.Email, "wrong");
        (await SignIn(who.Email)).Proof.ShouldBe(Proof.Wait);
        (await SignIn(who.Email, address: office)).Proof.ShouldBe(Proof.Right);
    }

    [Fact]
    public async Task Guessing_from_one_network_waits_whatever_the_account_and_others_do_not()
    {
        var who = await NewOperator();
        for (var i = 0; i <= SignInFailures.FreeOfNetwork; i++)
            (await SignIn(NewEmail(), "wrong", address: string.Create(System.Globalization.CultureInfo.InvariantCulture, $"2001:db8:1:2::{i:x}"))).Proof.ShouldBe(Proof.Wrong);
        (await SignIn(who.Email, address: "2001:db8:1:2:ffff::1")).ShouldBe(SignInResult.Not(Proof.Wait, 1));
        (await SignIn(who.Email, address: "2001:db8:1:3::1")).Proof.ShouldBe(Proof.Right);
        Host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await SignIn(who.Email, address: "2001:db8:1:2:ffff::1")).Proof.ShouldBe(Proof.Right);
    }

    [Fact]
    public async Task Many_guesses_at_once_are_no_way_around_the_wait()
    {
        var who = await NewOperator();
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SignIn(who.Email, "wrong")));
        results.Count(result => result.Proof == Proof.Wrong).ShouldBe(SignInFailures.FreeOfAccount + 1);
        results.Count(result => result.Proof == Proof.Wait).ShouldBe(20 - SignInFailures.FreeOfAccount - 1);
    }

    [Fact]
    public async Task A_hash_costs_what_is_recommended()
    {
        var passwords = Host.Services.GetRequiredService<Passwords>();
        var hash = Convert.FromBase64String(await passwords.Hash("é", Stop));
        (hash[0], BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(1)), BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(5)))
            .ShouldBe(((byte)1, 2, 220_000), "the third format, HMAC-SHA-512, iterations");
        (await passwords.Check(Convert.ToBase64String(hash), "e\u0301", Stop)).ShouldBe(PasswordCheck.Right, "an é may come in two parts");
    }

    [Fact]
    public async Task A_hash_that_cost_less_is_replaced_at_the_next_sign_in()
    {
        var old = Passwords.HasherOf(1_000).HashPassword(new object(), Password);
        var who = await NewOperator(hash: old);
        await SignedIn(who);
        var renewed = (await Reload(who)).Password;
        renewed.ShouldNotBe(old);
        await SignedIn(who);
        (await Reload(who)).Password.ShouldBe(renewed);
    }

    [Fact]
    public async Task A_second_factor_is_asked_for_and_each_code_counts_once()
    {
        var who = await NewOperator();
        var (otherToken, _) = await SignedIn(who);
        var (token, session) = await SignedIn(who);
        var (secret, codes) = await TurnOn(session);
        (await Find(otherToken)).ShouldBeNull("a session that was made with less ends");
        (await Find(token))!.HasSecondFactor.ShouldBeTrue();

        Host.Clock.Advance(TimeSpan.FromMinutes(1));
        (await SignIn(who.Email)).Proof.ShouldBe(Proof.CodeNeeded);
        (await SignIn(who.Email, code: "000000")).Proof.ShouldBe(Proof.CodeWrong);
        (await SignIn(who.Email, "wrong", Code(secret))).Proof.ShouldBe(Proof.Wrong, "a code is nothing without the password");
        (await SignIn(who.Email, code: Code(secret))).Proof.ShouldBe(Proof.Right);
        (await SignIn(who.Email, code: Code(secret))).Proof.ShouldBe(Proof.CodeWrong, "a code was used");
        (await SignIn(who.Email, code: Totp.CodeOf(secret, Totp.StepAt(Now) - 1))).Proof.ShouldBe(Proof.CodeWrong, "so was every one before it");

        codes.Count.ShouldBe(10);
        (await SignIn(who.Email, code: codes[3])).Proof.ShouldBe(Proof.Right);
        (await SignIn(who.Email, code: codes[3])).Proof.ShouldBe(Proof.CodeWrong);
        (await SignIn(who.Email, code: codes[4].Replace("-", " ", StringComparison.Ordinal).ToUpperInvariant())).Proof.ShouldBe(Proof.Right);
        (await Verb<RenewRecoveryCodes>().Left(session, Stop)).ShouldBe(8);

        (await AuditText()).ShouldSatisfyAllConditions(
            audit => audit.ShouldContain($"staff:{who.Id} staff.second_factor_on"), audit => audit.ShouldContain($"staff:{who.Id} staff.recovery_code_used"),
            audit => audit.ShouldContain($"server staff.code_refused {who.Id}"), audit => audit.ShouldNotContain(Totp.TextOf(secret)),
            audit => audit.ShouldNotContain(codes[3]), audit => audit.ShouldNotContain(who.Email));
    }

    [Fact]
    public async Task Guessing_at_codes_waits_like_guessing_at_passwords()
    {
        var who = await NewOperator();
        await TurnOn((await SignedIn(who)).Session);
        for (var i = 0; i <= SignInFailures.FreeOfAccount; i++) (await SignIn(who.Email, code: "111111")).Proof.ShouldBe(Proof.CodeWrong);
        (await SignIn(who.Email, code: "111111")).Proof.ShouldBe(Proof.Wait);
        (await SignIn(who.Email)).Proof.ShouldBe(Proof.Wait, "asking without a code takes nothing back");
    }

    [Fact]
    public async Task Recovery_codes_are_renewed_and_the_second_factor_is_turned_off_only_by_who_has_just_confirmed()
    {
        var who = await NewOperator();
        var (token, session) = await SignedIn(who);
        var (_, codes) = await TurnOn(session);
        Host.Clock.Advance(Confirmation.FreshFor);
        session = (await Find(token))!;
        (await Verb<RenewRecoveryCodes>().Run(session, Stop)).Problem!.Code.ShouldBe("confirmation_required");
        (await Verb<TurnOffSecondFactor>().Run(session, Stop))!.Code.ShouldBe("confirmation_required");
        (await Verb<TurnOnSecondFactor>().Start(session, "Topup", Stop)).Problem!.Code.ShouldBe("confirmation_required");

        (await Confirm(session, new ConfirmRequest(Code: codes[0]))).Proof.ShouldBe(Proof.Right);
        session = (await Find(token))!;
        session.ConfirmedAt.ShouldBe(Now);
        var renewed = (await Verb<RenewRecoveryCodes>().Run(session, Stop)).Value;
        (await SignIn(who.Email, code: codes[1])).Proof.ShouldBe(Proof.CodeWrong);
        (await SignIn(who.Email, code: renewed[1])).Proof.ShouldBe(Proof.Right);

        (await Verb<TurnOffSecondFactor>().Run(session, Stop)).ShouldBeNull();
        (await SignIn(who.Email)).Proof.ShouldBe(Proof.Right);
        (await Confirm(session, new ConfirmRequest(Code: renewed[2]))).Proof.ShouldBe(Proof.CodeWrong, "there is no code any more");
    }

    [Fact]
    public async Task Confirming_asks_for_the_password_and_waits_like_a_sign_in()
    {
        var who = await NewOperator();
        var (token, session) = await SignedIn(who);
        Host.Clock.Advance(TimeSpan.FromHours(1));
        (await Confirm(session, new ConfirmRequest("wrong"))).Proof.ShouldBe(Proof.Wrong);
        (await Confirm(session, new ConfirmRequest())).Proof.ShouldBe(Proof.Wrong);
        Confirmation.IsFresh((await Find(token))!.ConfirmedAt, Now).ShouldBeFalse();
        (await Confirm(session, new ConfirmRequest(Password))).Proof.ShouldBe(Proof.Right);
        Confirmation.IsFresh((await Find(token))!.ConfirmedAt, Now).ShouldBeTrue();

        for (var i = 0; i <= SignInFailures.FreeOfAccount; i++) (await Confirm(session, new ConfirmRequest("wrong"))).Proof.ShouldBe(Proof.Wrong);
        (await Confirm(session, new ConfirmRequest(Password))).ShouldBe(new ConfirmResult(Proof.Wait, 1));
    }

    private Task<ConfirmResult> Confirm(OperatorSession session, ConfirmRequest given) => Verb<ConfirmOperator>().Run(session, given, NewAddress(), Stop);

    private async Task<(byte[] Secret, List<string> Codes)> TurnOn(OperatorSession session)
    {
        var offer = (await Verb<TurnOnSecondFactor>().Start(session, "A & B", Stop)).Value;
        offer.Address.ShouldStartWith("otpauth://totp/A%20%26%20B:");
        var secret = Totp.SecretOf(offer.Secret);
        (await Verb<TurnOnSecondFactor>().Confirm(session, "12345", Stop)).Problem!.Field.ShouldBe("code");
        return (secret, (await Verb<TurnOnSecondFactor>().Confirm(session, Code(secret), Stop)).Value);
    }

    private string Code(byte[] secret) => Totp.CodeOf(secret, Totp.StepAt(Now));

    private Task<bool> Save(OperatorRow row) => Database.Transact(async (connection, transaction) =>
    {
        await OperatorStore.Update(connection, transaction, row);
        return true;
    }, Stop);
}
