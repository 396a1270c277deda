using System.Text.Json;
using Topup.Contracts;
using Topup.Server.Checkout.Providers;
using Topup.Server.Http;

namespace Topup.Server.Checkout;

/// <summary>How the refusals of checkout look on the wire.</summary>
internal static class CheckoutProblems
{
    public static Problem PurchaseUnknown() => Problems.Of(404, ProblemCodes.PurchaseUnknown, "There is no purchase of this id.");

    /// <summary>Somebody else was faster, again and again. Nothing was changed.</summary>
    public static Problem Changed(PurchaseId id) => Of(Problems.Of(503, ProblemCodes.PurchaseChanged,
        "The purchase changed while it was looked at. Nothing was changed; send the same request again."), id);

    /// <summary>The purchase is kept either way: the same request finds it again, and the reconciler does by itself.</summary>
    public static Problem Of(ProviderFailure failure, PurchaseId id) => Of(failure.Kind switch
    {
        ProviderFailureKind.Unavailable => Problems.Of(503, ProblemCodes.ProviderUnavailable,
            $"The payment provider gave no usable answer ({failure.Code}). Nothing was charged twice; send the same request again."),
        ProviderFailureKind.Refused => Problems.Of(409, ProblemCodes.ProviderRefused, $"The payment provider refused: {failure.Message} ({failure.Code})."),
        ProviderFailureKind.Unknown => Problems.Of(409, ProblemCodes.ProviderRefused, "The payment provider does not know the payment."),
    }, id);

    private static Problem Of(Problem problem, PurchaseId id) =>
        problem.With("purchase", JsonSerializer.SerializeToElement(id.ToString(), Json.Wire.String));
}
