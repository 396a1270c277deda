using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Server.Checkout.Methods;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Messaging.Drivers;

namespace Topup.Server.Web;

/// <summary>
/// A tenant's pools, each with whether its credits are offered to buy. The rooms that know of drivers, of methods and of
/// pools do not know each other, so it is put together here, for the portal and for the operator's explanation alike.
/// </summary>
internal sealed class TopUpOffers(LedgerReader reader, MessageDrivers drivers, PaymentMethods methods)
{
    public async Task<Outcome<IReadOnlyList<OfferedPool>>> Of(string tenant, CancellationToken stop)
    {
        var read = await reader.Tenant(tenant, Instant.Always, stop);
        if (read.Problem is { } unknown) return unknown;
        return await Of([.. read.Value.Types.Select(read.Value.Of)], read.Value.Catalog, stop);
    }

    /// <summary>The same for pools that were read already, in their order.</summary>
    public async Task<List<OfferedPool>> Of(IReadOnlyList<PoolNow> pools, CatalogSnapshot catalog, CancellationToken stop)
    {
        var (all, ready) = (await drivers.All(stop), await methods.Offered(stop));
        return [.. pools.Select(pool => new OfferedPool(pool.View(),
            TopUpOffer.Of(pool.Type, pool.Terms, pool.Plan, DriverOf(pool.Type, all), catalog.Packs.Values, ready), pool.Type.Channel))];
    }

    private static DriverState DriverOf(CreditType type, List<MessageDriver> all)
    {
        if (type.Channel is not { } channel || all.All(driver => driver.Settings.Channel != channel)) return DriverState.None;
        return MessageDrivers.Sending(all, channel) is null ? DriverState.Broken : DriverState.Works;
    }
}

/// <param name="Channel">Whose messages cost credits of the pool; null: none.</param>
internal sealed record OfferedPool(PoolView Pool, TopUpOffer Offer, string? Channel);
