using System.Globalization;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Server.Http;

namespace Topup.Server.Web.Admin.Packs;

/// <summary>A pack as it was typed into the form of its page.</summary>
internal static class TypedPack
{
    public const string BonusesField = "custom.bonuses";

    /// <param name="locked">The pack that is changed; what can never be changed of it is not read from the form. Null: a new one.</param>
    public static Outcome<PackRequest> Read(IFormCollection form, PackView? locked, Locale l)
    {
        var (price, credits) = (locked?.Price ?? (Outcome<decimal>)0m, locked?.Credits ?? (Outcome<decimal>)0m);
        if (locked is null) (price, credits) = (TypedNumber.Of("price", Text("price"), l), TypedNumber.Of("credits", Text("credits"), l));
        if ((price.Problem ?? credits.Problem) is { } wrong) return wrong;
        // Without a known currency no price can be read, not even to be refused.
        var currency = locked?.Currency ?? Text("currency").Trim().ToUpperInvariant();
        if (!Currency.IsKnown(currency)) return Problems.Invalid("currency", l.Words("Write the code of a currency, such as USD, EUR, BRL or TRY."));
        var custom = Custom(locked);
        if (custom.Problem is { } unread) return unread;
        return new PackRequest
        {
            Type = locked?.Type ?? Text("type"), Name = Text("name"), Description = Text("description") is { Length: > 0 } words ? words : null,
            Price = price.Value, Currency = currency, Credits = credits.Value, Active = Text("active") == "true",
            Plans = form["plans"] is { Count: > 0 } plans ? [.. plans.OfType<string>()] : null, Custom = custom.Value,
        };

        Outcome<CustomAmountTerms?> Custom(PackView? of)
        {
            if (of is null ? Text("chooses") != "true" : of.Custom is null) return (CustomAmountTerms?)null;
            var (min, max) = (TypedNumber.Of("custom.min_price", Text("custom.min_price"), l), TypedNumber.Of("custom.max_price", Text("custom.max_price"), l));
            var bonuses = Bonuses(Text(BonusesField), l);
            if ((min.Problem ?? max.Problem ?? bonuses.Problem) is { } problem) return problem;
            return new CustomAmountTerms { MinPrice = min.Value, MaxPrice = max.Value, Bonuses = bonuses.Value };
        }

        string Text(string field) => form[field].ToString();
    }

    /// <summary>Bonuses as the form shows them, one a line.</summary>
    public static string? BonusesText(CustomAmountTerms? custom, Locale l) => custom?.Bonuses is { Count: > 0 } bonuses
        ? string.Join('\n', bonuses.Select(bonus => string.Create(CultureInfo.InvariantCulture, $"{TypedNumber.Text(bonus.FromPrice, l)}: {bonus.Percent}")))
        : null;

    private static Outcome<IReadOnlyList<BonusTerms>?> Bonuses(string typed, Locale l)
    {
        var bonuses = new List<BonusTerms>();
        foreach (var line in typed.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(':', StringSplitOptions.TrimEntries) is not [var from, var percent]) return NoBonus();
            var (price, more) = (TypedNumber.Of(BonusesField, from, l), TypedNumber.WholeOrNull(BonusesField, percent.TrimEnd('%', ' '), l));
            if (price.Problem is not null || more.Problem is not null || more.Value is null) return NoBonus();
            bonuses.Add(new BonusTerms { FromPrice = price.Value, Percent = more.Value.Value });
        }
        return bonuses.Count == 0 ? (List<BonusTerms>?)null : bonuses;

        Problem NoBonus() => Problems.Invalid(BonusesField, l.Words("Write one bonus a line: from which price, a colon, and the percent, such as 40: 10."));
    }
}
