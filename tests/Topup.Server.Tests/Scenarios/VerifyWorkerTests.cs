using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Server.Ledger;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

/// <summary>When a server verifies the ledger without being asked.</summary>
public sealed class VerifyWorkerTests
{
    private static readonly DateTimeOffset Now = TestHost.Beginning;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, false)]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(2_400, true)]
    public void Soon_after_a_start_it_is_due_when_the_last_is_as_old_as_the_span_between_two(int hoursAgo, bool isDue) =>
        VerifyWorker.IsDue(Report(Now.AddHours(-hoursAgo)), TimeSpan.FromHours(24), Now).ShouldBe(isDue);

    [Fact]
    public void What_was_never_verified_is_due() => VerifyWorker.IsDue(null, TimeSpan.FromHours(24), Now).ShouldBeTrue();

    [Fact]
    public async Task A_new_server_has_verified_its_ledger_within_a_minute()
    {
        await using var host = await TestHost.Start(DatabaseKind.Sqlite, "--Topup:VerifyEveryHours=24");
        var type = await host.NewType();
        await host.Grant(await host.NewTenant(), type, 5);
        var until = DateTime.UtcNow.AddMinutes(1);
        VerifyReply? report = null;
        while (report is null && DateTime.UtcNow < until)
        {
            await Task.Delay(500, Stop);
            try
            {
                report = await host.Client.GetVerification(Stop);
            }
            catch (TopupException none) when (none.Problem.Status == 404)
            {
                continue;
            }
        }
        report.ShouldNotBeNull().Ok.ShouldBeTrue();
        report.Entries.ShouldBe(1);
    }

    private static VerifyReply Report(DateTimeOffset at) => new()
    {
        Ok = true, Tenants = 0, Pools = 0, Lots = 0, Holds = 0, Entries = 0, Differences = [], StartedAt = at, FinishedAt = at,
    };
}
