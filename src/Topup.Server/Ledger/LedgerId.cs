using System.Globalization;
using Topup.Domain.Catalog;
using Topup.Domain.Tenancy;

namespace Topup.Server.Ledger;

/// <summary>
/// The public id of an entry, a lot or a hold: <c>tenant~type~number</c>. It says whose it is, so that it can be looked
/// up under its tenant, and refused to everybody else, without a search over all tenants.
/// </summary>
internal readonly record struct LedgerId(string Tenant, string Type, long Number)
{
    private const char Separator = '~';

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Tenant}{Separator}{Type}{Separator}{Number}");

    public static bool TryParse(string? text, out LedgerId id)
    {
        id = default;
        var parts = text?.Split(Separator);
        if (parts is not [var tenant, var type, var number] || !TenantId.IsValid(tenant) || !Code.IsValid(type)) return false;
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value <= 0) return false;
        id = new LedgerId(tenant, type, value);
        return true;
    }
}
