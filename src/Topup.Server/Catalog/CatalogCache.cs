using Topup.Domain.Catalog;
using Topup.Server.Storage;

namespace Topup.Server.Catalog;

/// <summary>
/// The catalogue in memory. It holds rules and prices, never a balance. A write asks for <see cref="AtLeast"/> the
/// version that it read in its own transaction, so that no server decides by rules that were already changed.
/// </summary>
internal sealed class CatalogCache(Database database) : IDisposable
{
    private readonly SemaphoreSlim loading = new(1, 1);
    private volatile CatalogSnapshot current = CatalogSnapshot.Empty;

    public CatalogSnapshot Current => current;

    /// <summary>The catalogue of this version or a later one.</summary>
    public ValueTask<CatalogSnapshot> AtLeast(long version) =>
        current is var snapshot && snapshot.Version >= version ? new(snapshot) : new(Load(version));

    /// <summary>The newest catalogue. Where nothing was changed, this costs one small query.</summary>
    public async Task<CatalogSnapshot> Refresh(CancellationToken stop) =>
        await AtLeast(await database.Read(CatalogStore.Version, stop));

    public void Dispose() => loading.Dispose();

    // Not ended by the request that happens to come first: others wait for it too.
    private async Task<CatalogSnapshot> Load(long version)
    {
        await loading.WaitAsync();
        try
        {
            if (current.Version < version)
                current = await database.ReadSnapshot(connection => CatalogStore.Load(connection), CancellationToken.None);
            return current;
        }
        finally
        {
            loading.Release();
        }
    }
}

/// <summary>Where several servers share a database, each hears of the changes of the others within a second.</summary>
internal sealed class CatalogRefresher(Database database, CatalogCache cache, ILogger<CatalogRefresher> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (database.Dialect == Dialect.Sqlite) return;
        using var timer = new PeriodicTimer(Interval);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await cache.Refresh(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken)
            {
                log.LogWarning(broken, "The catalogue could not be refreshed; it is tried again in a second");
            }
        }
    }
}
