using Shouldly;
using Topup.Testing;
using Topup.Testing.Proofs;
using Xunit;

namespace Topup.Server.Tests.Proofs;

/// <summary>A killed server keeps what it has acknowledged, and does nothing twice.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Cycles = 8;

    [Fact]
    public async Task Nothing_is_lost_or_doubled_on_sqlite()
    {
        var folder = Directory.CreateTempSubdirectory("topup-kill-");
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
    public async Task Nothing_is_lost_or_doubled_on_postgres()
    {
        await using var server = await ServerProcess.OnPostgres(await (await PrivatePostgres.Shared).NewDatabase());
        await Run(server);
    }

    private async Task Run(ServerProcess server)
    {
        using var load = new AckedLoad([server.Address]);
        await KillLoop.Run(server, load, new Random(), Cycles);
        output.WriteLine($"{Cycles} kills, {load.Acknowledged} acknowledged, {load.Unanswered} in flight, {load.TookEffectUnanswered} of them had taken effect");
        load.Acknowledged.ShouldBeGreaterThan(0);
        load.Unanswered.ShouldBeGreaterThan(0);
    }
}
