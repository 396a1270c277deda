using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Server.Catalog.Settings;
using Topup.Server.Tenancy;

namespace Topup.Server.Web.Admin.Settings;

/// <summary>All that decides how the portal looks, which is one form of the panel and several settings of the API.</summary>
internal sealed record DisplaySettings(BrandSettings Brand, PortalSettings Portal, MoneySettings Money, CheckoutSettings Checkout)
{
    public static async Task<DisplaySettings> Saved(ReadSettings read, CancellationToken stop) =>
        new(await read.Brand(stop), await read.Portal(stop), await read.Money(stop), await read.Checkout(stop));

    /// <summary>The part of it that presets set.</summary>
    public PortalDisplay Display => new(Portal.ShowRemaining ?? true, Portal.ShowPlanCredits ?? true, Portal.ShowDescriptions ?? true, Checkout.RedirectDelay ?? 0);

    public DisplaySettings With(PortalDisplay display) => this with
    {
        Portal = Portal with { ShowRemaining = display.ShowRemaining, ShowPlanCredits = display.ShowPlanCredits, ShowDescriptions = display.ShowDescriptions },
        Checkout = Checkout with { RedirectDelay = display.RedirectDelay },
    };

    public Problem? Check() => BrandForm.Check(Brand) ?? SettingsForm.Check(Portal) ?? SettingsForm.Check(Money) ?? SettingsForm.Check(Checkout);

    /// <summary>Saves all of it, or, where something is wrong, nothing.</summary>
    public async Task<Problem?> Save(SaveSettings save, Author author, CancellationToken stop)
    {
        if (Check() is { } problem) return problem;
        return (await save.Brand(Brand, author, stop)).Problem ?? (await save.Portal(Portal, author, stop)).Problem
            ?? (await save.Money(Money, author, stop)).Problem ?? (await save.Checkout(Checkout, author, stop)).Problem;
    }
}
