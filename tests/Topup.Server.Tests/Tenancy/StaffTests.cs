using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Tenancy.Operators;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Tenancy;

public sealed class StaffOnSqlite(SqliteHost host) : StaffTests(host), IClassFixture<SqliteHost>;

public sealed class StaffOnPostgres(PostgresHost host) : StaffTests(host), IClassFixture<PostgresHost>;

public abstract class StaffTests(HostFixture fixture) : OperatorUnderTest(fixture)
{
    [Fact]
    public async Task The_setup_token_makes_the_first_owner_once_and_is_no_back_door()
    {
        const string token = "setup-token-setup-token-setup-token";
        await using var server = await Fixture.NewHost("--Topup:SetupToken=" + token);
        var (setUp, links) = (Of<SetUpOwner>(server), Of<OperatorLinks>(server));
        (await setUp.IsNeeded(Stop)).ShouldBeTrue();
        (await links.Find(token, Stop))!.Purpose.ShouldBe(LinkPurpose.FirstOwner);
        (await setUp.Run("another-token-another-token-another", "ana@example.com", "Ana", Password, Stop)).Problem!.ShouldSatisfyAllConditions(
            gone => gone.Status.ShouldBe(410), gone => gone.Code.ShouldBe("link_gone"));
        foreach (var (email, name, password, field) in new[]
        {
            ("", "Ana", Password, "email"), ("ana", "Ana", Password, "email"), ("ana@example.com", "", Password, "name"),
            ("ana@example.com", "Ana", "12345678901", "password"), ("ana@example.com", "Ana", "ana@example.com", "password"),
        }) (await setUp.Run(token, email, name, password, Stop)).Problem!.Field.ShouldBe(field);

        var made = await Task.WhenAll(Enumerable.Range(0, 5).Select(number => setUp.Run(token, $"ana{number}@example.com", "Ana", Password, Stop)));
        made.Count(outcome => outcome.Problem is null).ShouldBe(1);
        made.Where(outcome => outcome.Problem is not null).ShouldAllBe(outcome => outcome.Problem!.Code == "link_gone");
        var owner = (await All(server.Client.ListStaff(Stop))).Single();
        (owner.Role, owner.Status, owner.Enabled).ShouldBe(("owner", "active", true));

        (await setUp.IsNeeded(Stop)).ShouldBeFalse();
        await new SetupToken(token).Save(Of<Topup.Server.Storage.Database>(server), Stop);
        (await setUp.Run(token, "eve@example.com", "Eve", Password, Stop)).Problem!.Code.ShouldBe("link_gone");
        (await links.Find(token, Stop)).ShouldBeNull();
    }

    [Theory]
    [InlineData("short")]
    [InlineData("é-setup-token-setup-token-setup-token")]
    public void A_setup_token_that_could_be_guessed_or_sent_wrong_stops_the_start(string token) =>
        Should.Throw<InvalidOperationException>(() => new SetupToken(token)).Message.ShouldContain("Topup__SetupToken");

    [Fact]
    public async Task Who_is_at_the_server_makes_another_owner_within_a_day()
    {
        await NewOperator(OperatorRole.Owner);
        var (token, late) = (await SetupToken.New(Database, Host.Clock, Stop), await SetupToken.New(Database, Host.Clock, Stop));
        var email = NewEmail();
        (await Verb<SetUpOwner>().Run(token, email, "Ana", Password, Stop)).Problem.ShouldBeNull();
        (await SignIn(email)).Proof.ShouldBe(Proof.Right);
        (await Verb<SetUpOwner>().Run(token, NewEmail(), "Ana", Password, Stop)).Problem!.Code.ShouldBe("link_gone");
        (await Verb<SetUpOwner>().Run(late, email, "Ana", Password, Stop)).Problem!.Code.ShouldBe("staff_exists");
        Host.Clock.Advance(TimeSpan.FromDays(1));
        (await Verb<SetUpOwner>().Run(late, NewEmail(), "Ana", Password, Stop)).Problem!.Code.ShouldBe("link_gone");
        (await AuditText()).ShouldNotContain(token);
    }

    [Fact]
    public async Task An_invitation_brings_one_person_into_the_staff_once()
    {
        var email = NewEmail();
        var link = await Client.InviteStaff(new StaffInvitation { Email = email.ToUpperInvariant(), Role = "support" }, "new colleague", Stop);
        link.ExpiresAt.ShouldBe(Host.Clock.GetUtcNow().AddDays(7));
        var invited = await Shown(link.Id);
        (invited.Email, invited.Name, invited.Role, invited.Status, invited.SignedInAt).ShouldBe((email, null, "support", "invited", null));
        await Refused(Client.InviteStaff(new StaffInvitation { Email = email, Role = "owner" }, stop: Stop), 409, "staff_exists", "email");

        var token = link.Url[(link.Url.LastIndexOf('/') + 1)..];
        link.Url.ShouldBe(new Uri(Host.Url, "/admin/join/" + token).ToString());
        (await Verb<OperatorLinks>().Find(token, Stop)).ShouldBe(new OperatorLink(LinkPurpose.Invitation, email, ""));
        (await Verb<ResetPassword>().Run(token, Password, Stop)).Problem!.Code.ShouldBe("link_gone", "a link is for one thing");
        (await Verb<AcceptInvite>().Run(token, "Ana", "my name is " + email, Stop)).Problem!.Field.ShouldBe("password");
        var joined = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Verb<AcceptInvite>().Run(token, "Anabel", Password, Stop)));
        joined.Count(outcome => outcome.Problem is null).ShouldBe(1);
        (await Verb<OperatorLinks>().Find(token, Stop)).ShouldBeNull();

        await SignIn(email);
        var active = await Shown(link.Id);
        (active.Name, active.Status, active.SignedInAt).ShouldBe(("Anabel", "active", Host.Clock.GetUtcNow()));
        (await AuditText()).ShouldSatisfyAllConditions(
            audit => audit.ShouldContain($"staff.invited {link.Id}"), audit => audit.ShouldContain($"staff:{link.Id} staff.joined"), audit => audit.ShouldContain($"staff:{link.Id} staff.signed_in"),
            audit => audit.ShouldContain("new colleague"), audit => audit.ShouldNotContain(email), audit => audit.ShouldNotContain(token), audit => audit.ShouldNotContain("Anabel"));
    }

    [Fact]
    public async Task An_invitation_ends_after_seven_days_and_another_one_ends_those_before()
    {
        var link = await Client.InviteStaff(new StaffInvitation { Email = NewEmail(), Role = "manager" }, stop: Stop);
        var second = await Client.MakeStaffResetLink(link.Id, new StaffResetRequest(), stop: Stop);
        second.Url.ShouldContain("/admin/join/");
        (await Verb<AcceptInvite>().Run(TokenOf(link), "Ana", Password, Stop)).Problem!.Code.ShouldBe("link_gone");
        Host.Clock.Advance(TimeSpan.FromDays(7));
        (await Verb<AcceptInvite>().Run(TokenOf(second), "Ana", Password, Stop)).Problem!.Code.ShouldBe("link_gone");
    }

    [Fact]
    public async Task A_reset_link_sets_another_password_once_and_signs_out_everywhere()
    {
        var who = await NewOperator();
        var (token, session) = await SignedIn(who);
        var offer = (await Verb<TurnOnSecondFactor>().Start(session, "Topup", Stop)).Value;
        await Verb<TurnOnSecondFactor>().Confirm(session, Totp.CodeOf(Totp.SecretOf(offer.Secret), Totp.StepAt(Now)), Stop);

        var link = await Client.MakeStaffResetLink(who.Id, new StaffResetRequest(), stop: Stop);
        (await Verb<ResetPassword>().Run(TokenOf(link), "short", Stop)).Problem!.Field.ShouldBe("password");
        (await Verb<ResetPassword>().Run(TokenOf(link), "another long sentence", Stop)).Value.ShouldBe(who.Email);
        (await Verb<ResetPassword>().Run(TokenOf(link), "another long sentence", Stop)).Problem!.Code.ShouldBe("link_gone");
        (await Find(token)).ShouldBeNull();
        (await SignIn(who.Email)).Proof.ShouldBe(Proof.Wrong);
        (await SignIn(who.Email, "another long sentence")).Proof.ShouldBe(Proof.CodeNeeded, "the second factor stays");

        var both = await Client.MakeStaffResetLink(who.Id, new StaffResetRequest { SecondFactor = true }, stop: Stop);
        await Verb<ResetPassword>().Run(TokenOf(both), Password, Stop);
        (await SignIn(who.Email)).Proof.ShouldBe(Proof.Right);
        (await Shown(who.Id)).SecondFactor.ShouldBeFalse();
    }

    [Fact]
    public async Task A_role_and_being_disabled_hold_at_once()
    {
        var who = await NewOperator();
        var (token, _) = await SignedIn(who);
        (await Client.SaveStaff(who.Id, new StaffRequest { Role = "support", Enabled = true }, stop: Stop)).Role.ShouldBe("support");
        (await Find(token))!.Caller.May(Scope.Grant).ShouldBeFalse();
        await Client.SaveStaff(who.Id, new StaffRequest { Role = "support", Enabled = false }, stop: Stop);
        (await Find(token)).ShouldBeNull();
        await Refused(Client.MakeStaffResetLink(who.Id, new StaffResetRequest(), stop: Stop), 409, "staff_disabled");
        await Client.SaveStaff(who.Id, new StaffRequest { Role = "support", Enabled = true }, stop: Stop);
        (await Find(token)).ShouldBeNull("what has ended does not begin again");
        await SignedIn(who);
    }

    [Fact]
    public async Task The_last_owner_who_can_sign_in_stays_one()
    {
        await using var server = await Fixture.NewHost();
        var client = server.Client;
        async Task<string> Owner(string email)
        {
            var token = await SetupToken.New(Of<Topup.Server.Storage.Database>(server), server.Clock, Stop);
            return (await Of<SetUpOwner>(server).Run(token, email, "Ana", Password, Stop)).Value;
        }
        var (first, second) = (await Owner("a@example.com"), await Owner("b@example.com"));
        await client.InviteStaff(new StaffInvitation { Email = "c@example.com", Role = "owner" }, stop: Stop);
        await client.InviteStaff(new StaffInvitation { Email = "d@example.com", Role = "manager" }, stop: Stop);

        var demoted = await Task.WhenAll(new[] { first, second }.Select(async id =>
        {
            try
            {
                await client.SaveStaff(id, new StaffRequest { Role = "manager", Enabled = true }, stop: Stop);
                return "";
            }
            catch (TopupException refused)
            {
                return refused.Code;
            }
        }));
        demoted.ShouldBe(["", "last_owner"], ignoreOrder: true, "of two who demote each other one stays");
        var last = (await All(client.ListStaff(Stop))).Single(one => one is { Role: "owner", Status: "active" }).Id;
        await Refused(client.SaveStaff(last, new StaffRequest { Role = "owner", Enabled = false }, stop: Stop), 409, "last_owner", "role");
        (await client.SaveStaff(last, new StaffRequest { Role = "owner", Enabled = true }, stop: Stop)).Enabled.ShouldBeTrue();
    }

    [Fact]
    public async Task Nobody_reaches_further_through_the_staff_than_they_may_themselves()
    {
        var (owner, support) = (await NewOperator(OperatorRole.Owner), await NewOperator(OperatorRole.Support));
        var tenant = await Host.NewTenant();
        using var httpOfKeys = Host.NewHttp(await Host.NewKey(null, "keys", "read"));
        using var httpOfTenant = Host.NewHttp(await Host.NewKey(tenant, "keys", "read"));
        using var httpOfReader = Host.NewHttp(await Host.NewKey(null, "read"));
        using TopupClient keys = new(httpOfKeys), bound = new(httpOfTenant), reader = new(httpOfReader);

        await Refused(keys.InviteStaff(new StaffInvitation { Email = NewEmail(), Role = "owner" }, stop: Stop), 403, "forbidden", "role");
        await Refused(keys.SaveStaff(support.Id, new StaffRequest { Role = "manager", Enabled = true }, stop: Stop), 403, "forbidden", "role");
        await Refused(keys.SaveStaff(owner.Id, new StaffRequest { Role = "support", Enabled = true }, stop: Stop), 403, "forbidden", "role");
        await Refused(keys.MakeStaffResetLink(owner.Id, new StaffResetRequest(), stop: Stop), 403, "forbidden", "role");
        await keys.MakeStaffResetLink(support.Id, new StaffResetRequest(), stop: Stop);
        await Refused(reader.ListStaffPage(stop: Stop), 403, "forbidden");
        await Refused(bound.ListStaffPage(stop: Stop), 403, "forbidden");
        await Refused(bound.InviteStaff(new StaffInvitation { Email = NewEmail(), Role = "support" }, stop: Stop), 403, "forbidden");
        await Refused(bound.SaveStaff(support.Id, new StaffRequest { Role = "support", Enabled = false }, stop: Stop), 403, "forbidden");
        await Refused(bound.MakeStaffResetLink(support.Id, new StaffResetRequest(), stop: Stop), 403, "forbidden");

        await Refused(Client.InviteStaff(new StaffInvitation { Email = NewEmail(), Role = "root" }, stop: Stop), 400, "invalid_field", "role");
        await Refused(Client.InviteStaff(new StaffInvitation { Email = "nobody", Role = "owner" }, stop: Stop), 400, "invalid_field", "email");
        await Refused(Client.SaveStaff("x", new StaffRequest { Role = "owner", Enabled = true }, stop: Stop), 404, "staff_unknown", "id");
        await Refused(Client.MakeStaffResetLink("x", new StaffResetRequest(), stop: Stop), 404, "staff_unknown", "id");
    }

    private static string TokenOf(StaffLink link) => link.Url[(link.Url.LastIndexOf('/') + 1)..];

    private static T Of<T>(TestHost server)
        where T : notnull => Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<T>(server.Services);

    private async Task<StaffView> Shown(string id) => (await All(Client.ListStaff(Stop))).Single(one => one.Id == id);
}
