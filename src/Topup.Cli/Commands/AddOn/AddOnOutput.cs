using Topup.Contracts;

namespace Topup.Cli.Commands.AddOn;

/// <summary>How add-ons look, whichever command shows them.</summary>
internal static class AddOnOutput
{
    public static void Show(this Output output, AddOnView addOn) => output.Show(addOn, TopupJson.Default.AddOnView,
        ("code", addOn.Code), ("name", addOn.Name), ("description", addOn.Description), ("type", addOn.Type), ("price", addOn.Price),
        ("active", addOn.Active), ("plans", addOn.Plans));
}
