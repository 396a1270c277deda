using Topup.Contracts;
using Topup.Server.Checkout.Providers;
using Topup.Server.Http;

namespace Topup.Server.Checkout.AutoTopUps;

internal static class AutoTopUpProblems
{
    public static Problem Unknown() => Problems.Of(404, ProblemCodes.AutoTopUpUnknown, "The tenant has no automatic top-up of this credit type.");

    public static Problem CardUnknown() => Problems.Of(404, ProblemCodes.CardUnknown, "The tenant has no saved card of this method.");

    public static Problem CardKept(ProviderFailure failure) => Problems.Of(503, ProblemCodes.ProviderUnavailable,
        $"The payment provider gave no usable answer ({failure.Code}), so the card was not forgotten. Send the same request again.");

    public static Problem NoSavedCard(string method) => Problems.Of(409, ProblemCodes.NoSavedCard,
        $"The tenant has no card to charge with the method {method}. Let a buyer pay one purchase with save_card = true first.", "method");
}
