using System.Globalization;

namespace Topup.Testing.Proofs;

/// <summary>Many callers at the same door at the same time, each on a connection of its own.</summary>
internal sealed class Races : IDisposable
{
    private readonly LoadClient[] clients;

    /// <param name="servers">Servers on one database; the callers are spread over them.</param>
    public Races(IReadOnlyList<Uri> servers, int callers, string key) =>
        clients = [.. Enumerable.Range(0, callers).Select(i => new LoadClient(servers[i % servers.Count], key) { Patience = TimeSpan.FromSeconds(60) })];

    /// <summary>Every caller wants the one credit of a pool. Exactly one gets it, and the others hear that it is gone.</summary>
    public async Task LastCredit(string tenant, string type, string round)
    {
        var replies = await All((client, i) => client.Consume(tenant, type, 1, string.Create(CultureInfo.InvariantCulture, $"{round}-{i}")));
        var (allowed, refused) = (replies.Count(reply => reply.IsAllowed), replies.Count(reply => reply.IsRefused));
        BrokenPromiseException.Unless(allowed == 1 && refused == replies.Length - 1,
            $"Of {replies.Length} callers for one credit, {allowed} were allowed and {refused} refused: {Others(replies)}");
    }

    /// <summary>Every caller sends the same change with the same key. It happens once, and all hear the same; says how many heard a replay.</summary>
    public async Task<int> SameKey(string tenant, string type, string key)
    {
        var replies = await All((client, _) => client.Consume(tenant, type, 1, key));
        BrokenPromiseException.Unless(replies.All(reply => reply.IsAllowed), $"Of one change, sent many times, some were refused: {Others(replies)}");
        var first = replies.Where(reply => !reply.IsReplayed).ToArray();
        BrokenPromiseException.Unless(first.Length <= 1, $"{first.Length} callers heard that they were the first with the key {key}.");
        var told = replies.Select(reply => reply.Text.Replace("\"replayed\":true", "\"replayed\":false", StringComparison.Ordinal)).Distinct().ToArray();
        BrokenPromiseException.Unless(told.Length == 1, $"The key {key} has several replies: {string.Join('\n', told)}");
        return replies.Length - first.Length;
    }

    /// <summary>Ends every connection; the next race makes new ones.</summary>
    public void Disconnect()
    {
        foreach (var client in clients) client.Dispose();
    }

    public void Dispose() => Disconnect();

    private Task<LoadReply[]> All(Func<LoadClient, int, Task<LoadReply>> call) => Task.WhenAll(clients.Select(call));

    private static string Others(LoadReply[] replies) =>
        replies.FirstOrDefault(reply => !reply.IsAllowed && !reply.IsRefused) is { Status: > 0 } other ? other.Text : "no other answers";
}
