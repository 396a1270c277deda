using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Server.Catalog;
using Topup.Server.Checkout.Methods;
using Topup.Server.Ledger;
using Topup.Server.Messaging.Drivers;

namespace Topup.Server.Web;

/// <summary>Which credit types a tenant is offered to top up, and what the others lack: the same for the portal and for the operator who is asked why.</summary>
internal sealed class TopUpOffers(CatalogCache catalogs, PaymentMethods methods, MessageDrivers drivers)
{
    public async Task<IReadOnlyDictionary<string, TopUpOffer>> Of(IEnumerable<PoolNow> pools, CancellationToken stop)
    {
        var (offered, sending, packs) = (await methods.Offered(stop), await drivers.All(stop), catalogs.Current.Packs.Values);
        return pools.ToDictionary(pool => pool.Type.Code, pool => TopUpOffer.Of(pool.Type, pool.Terms, pool.Plan, StateOf(pool.Type, sending), packs, offered), StringComparer.Ordinal);
    }

    private static DriverState StateOf(CreditType type, List<MessageDriver> drivers) =>
        type.Channel is not { } channel || drivers.All(driver => driver.Settings.Channel != channel) ? DriverState.None
        : MessageDrivers.Sending(drivers, channel) is null ? DriverState.Broken
        : DriverState.Works;
}
