namespace Topup.Testing.Proofs;

/// <summary>The server dies under load, again and again, and comes back; what it has acknowledged is there.</summary>
internal static class KillLoop
{
    private const int KillAfterMsMin = 150;
    private const int KillAfterMsMax = 500;

    public static async Task Run(ServerProcess server, AckedLoad load, Random random, int cycles)
    {
        await load.Prepare();
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            using var enough = new CancellationTokenSource();
            var calls = load.Run(enough.Token);
            await Task.Delay(random.Next(KillAfterMsMin, KillAfterMsMax));
            await server.Kill();
            await enough.CancelAsync();
            await server.Restart();
            await calls;
            await load.Compare();
        }
        await load.CompareHistory();
    }
}
