using System.Text;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Proofs;

/// <summary>A server that is killed in the middle of an import goes on with it: no line is lost, and none is given twice.</summary>
public sealed class ImportKillTests
{
    private const int Rows = 5_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_import_of_grants_goes_on_after_kill_9_on_sqlite()
    {
        var folder = Directory.CreateTempSubdirectory("topup-import-kill-");
        try
        {
            await using var server = await ServerProcess.OnSqlite(folder.FullName);
            await Run(server);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task An_import_of_grants_goes_on_after_kill_9_on_postgres()
    {
        await using var server = await ServerProcess.OnPostgres(await (await PrivatePostgres.Shared).NewDatabase());
        await Run(server);
    }

    private static async Task Run(ServerProcess server)
    {
        using var client = new TopupClient(server.Address, ServerProcess.Key);
        await client.SaveCreditType("sms", new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0 }, stop: Stop);
        for (var i = 0; i < 20; i++) await client.SaveTenant($"t{i}", new TenantRequest { Name = "T", Plan = null }, stop: Stop);
        var csv = "tenant,type,amount\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => $"t{i % 20},sms,1\n"));
        var id = (await client.StartImport("grants", Encoding.UTF8.GetBytes(csv), stop: Stop)).Import!.Id;

        for (var kill = 0; kill < 2; kill++)
        {
            var before = (await client.GetImport(id, Stop)).Done;
            await Until(async () => (await client.GetImport(id, Stop)).Done > before, "some rows are done");
            await server.Kill();
            await server.Restart();
        }
        var between = await client.GetImport(id, Stop);
        await Until(async () => (await client.GetImport(id, Stop)).Status == "done", "the import is done");

        between.Done.ShouldBeInRange(1, Rows - 1);
        (await client.GetImport(id, Stop)).ShouldSatisfyAllConditions(import => import.Done.ShouldBe(Rows), import => import.Failed.ShouldBe(0));
        for (var i = 0; i < 20; i++) (await client.GetPool($"t{i}", "sms", stop: Stop)).Remaining.Total.ShouldBe(Rows / 20, $"t{i}");
        (await client.VerifyLedger(stop: Stop)).Ok.ShouldBeTrue();
    }

    private static async Task Until(Func<Task<bool>> isSo, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience) throw new TimeoutException($"Not within {Patience.TotalSeconds} s: {what}.");
            await Task.Delay(20, Stop);
        }
    }
}
