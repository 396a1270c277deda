namespace Topup.Domain.Catalog;

/// <summary>
/// Which gifts of credits are large enough that whoever makes them on a page gives their password again: a slip of the hand
/// there is worth real money.
/// </summary>
public static class LargeGrant
{
    /// <summary>Credits that are not large where nothing is sold to compare them with.</summary>
    public const int CreditsMax = 1_000;

    /// <summary>Whether it is more than the largest pack of fixed size that is for sale holds, or where there is none, more than 1,000.</summary>
    /// <param name="units">Smallest units of the type.</param>
    public static bool Is(long units, CreditType type, IEnumerable<Pack> packs)
    {
        var sold = packs.Where(pack => pack.Type == type.Code && pack is { Active: true, Custom: null }).Select(pack => pack.Credits).DefaultIfEmpty().Max();
        return units > (sold > 0 ? sold : CreditsMax * Amount.UnitsIn(type.Decimals));
    }
}
