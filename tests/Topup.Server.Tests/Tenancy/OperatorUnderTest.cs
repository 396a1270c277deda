using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;
using Topup.Server.Tenancy.Operators;

namespace Topup.Server.Tests.Tenancy;

/// <summary>Tests of the staff, through the verbs that pages call.</summary>
public abstract class OperatorUnderTest(HostFixture fixture) : ServerTests(fixture)
{
    private protected const string Password = "a sentence nobody else has";

    private const int CheapIterations = 2_000;

    private static readonly string Hash = Passwords.HasherOf(CheapIterations).HashPassword(new object(), Password);

    private static int networks;

    /// <summary>As the server has it, but that hashes cost little: what they cost is one test.</summary>
    private protected T Verb<T>()
        where T : notnull =>
        typeof(T).GetConstructors().SelectMany(constructor => constructor.GetParameters()).Any(parameter => parameter.ParameterType == typeof(Passwords))
            ? ActivatorUtilities.CreateInstance<T>(Host.Services, CheapPasswords)
            : Host.Services.GetRequiredService<T>();

    private protected Passwords CheapPasswords { get; } = new(CheapIterations);

    private protected Database Database => Verb<Database>();

    private protected Instant Now => Instant.From(Host.Clock.GetUtcNow());

    /// <summary>An address from which nothing has come yet.</summary>
    private protected static string NewAddress()
    {
        var number = Interlocked.Increment(ref networks);
        return $"198.18.{number / 256}.{number % 256}";
    }

    private protected string NewEmail() => Host.NewName("person") + "@example.com";

    /// <summary>Somebody among the staff, with <see cref="Password"/>.</summary>
    private protected async Task<OperatorRow> NewOperator(OperatorRole role = OperatorRole.Manager, string? hash = null)
    {
        var row = OperatorForm.New(NewEmail(), "Somebody", role, hash ?? Hash, Now);
        await Database.Transact(async (connection, transaction) =>
        {
            await OperatorStore.Insert(connection, transaction, row);
            return true;
        }, Stop);
        return row;
    }

    private protected async Task<OperatorRow> Reload(OperatorRow row) =>
        (await Database.Read(connection => OperatorStore.Find(connection, row.Id), Stop)).ShouldNotBeNull();

    private protected Task<SignInResult> SignIn(string email, string password = Password, string? code = null, string? address = null) =>
        Verb<SignIn>().Run(new SignInRequest(email, password, code), address ?? NewAddress(), "a browser", Stop);

    /// <summary>Signs in, and gives the token with its session.</summary>
    private protected async Task<(string Token, OperatorSession Session)> SignedIn(OperatorRow who, string? code = null, string? address = null)
    {
        var result = await SignIn(who.Email, code: code, address: address);
        result.Proof.ShouldBe(Proof.Right);
        return (result.Token, (await Find(result.Token)).ShouldNotBeNull());
    }

    private protected Task<OperatorSession?> Find(string token) => Verb<OperatorSessions>().Find(token, Stop);

    /// <summary>All of the audit with what it says, as text.</summary>
    private protected Task<string> AuditText() => Database.Read(async connection => string.Join('\n', await connection.QueryAsync<string>(
        "select actor || ' ' || action || ' ' || target || ' ' || tenant_id || ' ' || before || ' ' || after || ' ' || reason from audit order by id")), Stop);
}
