using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Server.Catalog;
using Topup.Server.Checkout.Methods;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Messaging.Drivers;

namespace Topup.Server.Web;

/// <summary>
/// Which credit types a tenant is offered to top up, and what the others lack. The rooms that know of drivers, of methods and
/// of pools do not know each other, so it is put together here, for the portal and for the operator who is asked why.
/// </summary>
internal sealed class TopUpOffers(LedgerReader reader, CatalogCache catalogs, PaymentMethods methods, MessageDrivers drivers)
{
    public async Task<Outcome<IReadOnlyList<OfferedPool>>> Of(string tenant, CancellationToken stop)
    {
        var pools = await reader.Pools(tenant, stop);
        if (pools.Problem is { } unknown) return unknown;
        var offers = await Of(pools.Value, stop);
        return pools.Value.Select(pool => new OfferedPool(pool.View(), offers[pool.Type.Code], pool.Type.Channel)).ToList();
    }

    /// <summary>By the code of the credit type.</summary>
    public async Task<IReadOnlyDictionary<string, TopUpOffer>> Of(IEnumerable<PoolNow> pools, CancellationToken stop)
    {
        var (offered, sending, packs) = (await methods.Offered(stop), await drivers.All(stop), catalogs.Current.Packs.Values);
        return pools.ToDictionary(pool => pool.Type.Code,
            pool => TopUpOffer.Of(pool.Type, pool.Terms, pool.Plan, StateOf(pool.Type, sending), packs, offered), StringComparer.Ordinal);
    }

    private static DriverState StateOf(CreditType type, List<MessageDriver> drivers)
    {
        if (type.Channel is not { } channel || drivers.All(driver => driver.Settings.Channel != channel)) return DriverState.None;
        return MessageDrivers.Sending(drivers, channel) is null ? DriverState.Broken : DriverState.Works;
    }
}

/// <param name="Channel">Whose messages cost credits of the pool; null: none.</param>
internal sealed record OfferedPool(PoolView Pool, TopUpOffer Offer, string? Channel);
