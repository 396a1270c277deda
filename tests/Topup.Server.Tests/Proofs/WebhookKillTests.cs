using Shouldly;
using Topup.Testing;
using Topup.Testing.Proofs;
using Xunit;

namespace Topup.Server.Tests.Proofs;

/// <summary>A server that is killed while it sends webhooks loses no event: each is sent, some twice, all under their ids and signed.</summary>
public sealed class WebhookKillTests(ITestOutputHelper output)
{
    private const int Kills = 3;

    [Fact]
    public async Task No_event_is_lost_on_sqlite()
    {
        var folder = Directory.CreateTempSubdirectory("topup-webhook-kill-");
        try
        {
            await using var server = await ServerProcess.OnSqlite(folder.FullName, WebhookKillLoop.ServerSettings);
            await Run(server);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task No_event_is_lost_on_postgres()
    {
        await using var server = await ServerProcess.OnPostgres(
            await (await PrivatePostgres.Shared).NewDatabase(), WebhookKillLoop.ServerSettings, ("SecretKey", Convert.ToBase64String(new byte[32])));
        await Run(server);
    }

    private async Task Run(ServerProcess server)
    {
        var loop = new WebhookKillLoop(server, new Random(1));
        await loop.Run(Kills);
        output.WriteLine($"{Kills} kills, {loop.Events} events, {loop.Repeats} sent twice");
        loop.Events.ShouldBePositive();
    }
}
