using System.Data.Common;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog;

/// <summary>Changes the catalogue: one change at a time, each decided on what is there, counted and audited.</summary>
internal sealed class CatalogChanges(Database database, CatalogCache cache, TimeProvider clock)
{
    /// <param name="decide">Decides on the catalogue as it is, and saves with the change that it is given.</param>
    public async Task<T> Make<T>(Author author, Func<CatalogChange, Task<T>> decide, CancellationToken stop)
    {
        var outcome = await database.Transact(async (connection, transaction) =>
        {
            var catalog = await CatalogStore.Lock(connection, transaction, database.Dialect);
            var now = Instant.From(clock.GetUtcNow());
            return await decide(new CatalogChange(connection, transaction, database.Dialect, catalog, author, now));
        }, stop);
        // The change is saved: this server shall know it, even where its caller has gone.
        await cache.Refresh(CancellationToken.None);
        return outcome;
    }
}

/// <summary>A change in the making.</summary>
/// <param name="Catalog">What is there. Nobody else can change it now.</param>
internal sealed record CatalogChange(
    DbConnection Connection, DbTransaction Transaction, Dialect Dialect, CatalogSnapshot Catalog, Author Author, Instant Now)
{
    /// <summary>Saves, counts and audits; where nothing differs, nothing happens.</summary>
    /// <param name="before">JSON of what was there; null: nothing.</param>
    /// <param name="after">JSON of what shall be there; null: nothing.</param>
    public async Task Save(string kind, string code, string? before, string? after, Func<Task> write)
    {
        if (before == after) return;
        await write();
        await CatalogStore.Count(Connection, Transaction);
        var verb = before is null ? "created" : after is null ? "deleted" : "changed";
        await Audit.Add(Connection, Transaction, Author, Now, $"{kind}.{verb}", code, "", before, after);
    }
}
