using Topup.Contracts;

namespace Topup.Server.Web.Admin.Packs;

/// <summary>The packs that a page shows, and packs as they are saved again.</summary>
internal static class PackList
{
    /// <param name="type">Empty: of all types.</param>
    /// <param name="words">Part of the code, name or description.</param>
    /// <param name="active"><c>true</c> or <c>false</c>; else both.</param>
    /// <param name="sort"><c>name</c>, <c>credits</c> or <c>price</c>, with a minus before it from the top down; else by type and price.</param>
    public static IReadOnlyList<PackView> Of(IEnumerable<PackView> all, string type, string words, string active, string sort)
    {
        var found = all.Where(pack => (type.Length == 0 || pack.Type == type) && active switch { "true" => pack.Active, "false" => !pack.Active, _ => true }
            && (words.Trim().Length == 0 || $"{pack.Code}\n{pack.Name}\n{pack.Description}".Contains(words.Trim(), StringComparison.CurrentCultureIgnoreCase)));
        return
        [
            .. sort switch
            {
                "name" => found.OrderBy(pack => pack.Name, StringComparer.CurrentCultureIgnoreCase),
                "-name" => found.OrderByDescending(pack => pack.Name, StringComparer.CurrentCultureIgnoreCase),
                "credits" => found.OrderBy(pack => pack.Credits),
                "-credits" => found.OrderByDescending(pack => pack.Credits),
                "price" => found.OrderBy(pack => pack.Currency, StringComparer.Ordinal).ThenBy(pack => pack.Price),
                "-price" => found.OrderByDescending(pack => pack.Currency, StringComparer.Ordinal).ThenByDescending(pack => pack.Price),
                _ => found.OrderBy(pack => pack.Type, StringComparer.Ordinal).ThenBy(pack => pack.Price),
            },
        ];
    }

    /// <summary>A pack as it is, to be saved with what differs.</summary>
    public static PackRequest RequestOf(PackView pack) => new()
    {
        Type = pack.Type, Name = pack.Name, Description = pack.Description, Price = pack.Price, Currency = pack.Currency, Credits = pack.Credits,
        Active = pack.Active, Plans = pack.Plans, Custom = pack.Custom,
    };
}
