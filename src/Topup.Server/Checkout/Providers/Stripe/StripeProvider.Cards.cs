using Topup.Domain.Checkout;

namespace Topup.Server.Checkout.Providers.Stripe;

/// <summary>Cards that buyers agreed to save on the hosted page, and are charged later without them.</summary>
internal sealed partial class StripeProvider
{
    public async Task<ProviderAnswer<ChargeAnswer>> Charge(PurchaseRow purchase, SavedCard card, CancellationToken stop)
    {
        var order = purchase.Purchase;
        if (Refuses(order.Price, order.Currency) is { } refused) return Refused("amount", refused);
        if (IsOld(purchase.CreatedAt))
        {
            var earlier = await FindCharge(purchase, card, stop);
            if (earlier.Failure is { } unanswered) return unanswered;
            return earlier.Value is { } found ? found : Refused("too_late", "The purchase is too old to charge a card for it.");
        }
        StripeMoney.TryToWire(order.Price, order.Currency, out var wire);
        var form = new StripeForm()
            .Add("amount", wire)
            .Add("currency", order.Currency.ToLowerInvariant())
            .Add("customer", card.Customer)
            .Add("payment_method", card.Card)
            .Add("off_session", true)
            .Add("confirm", true)
            .Add("description", purchase.Title)
            .Add($"metadata[{OrderField}]", order.Order)
            .Add("metadata[tenant_id]", purchase.Tenant);
        var answer = await client.Post("/v1/payment_intents", form, $"order:{order.Order}:charge", StripeJson.Default.StripeIntent, stop);
        if (answer.Found is { } intent) return Charged(intent);
        // A card that was removed, or whose owner was, is no card_error; it is a decline all the same, for it will not get better.
        if (answer is { Failure.Kind: ProviderFailureKind.Refused, Error: { Type: "card_error" or "invalid_request_error" } error })
            return new ChargeAnswer(error.PaymentIntent?.Id ?? "", error.Reason ?? error.Type);
        return answer.Failure!;
    }

    public async Task<ProviderAnswer<ChargeAnswer?>> FindCharge(PurchaseRow purchase, SavedCard card, CancellationToken stop)
    {
        var since = purchase.CreatedAt.ToDateTimeOffset() - TimeSpan.FromHours(1);
        var path = $"/v1/payment_intents?customer={Escape(card.Customer)}&created[gte]={since.ToUnixTimeSeconds()}";
        var intents = await All(path, StripeJson.Default.StripeListStripeIntent, intent => intent.Id, stop);
        if (intents.Failure is { } failure) return failure;
        return intents.Value.Find(intent => intent.Order == purchase.Purchase.Order) is { } earlier ? Charged(earlier) : (ChargeAnswer?)null;
    }

    public async Task<ProviderAnswer<SavedCard?>> CardOf(PurchaseRow purchase, CancellationToken stop)
    {
        if (!purchase.SavesCard || !IsSession(purchase.Checkout)) return (SavedCard?)null;
        var path = $"/v1/checkout/sessions/{Escape(purchase.Checkout)}?expand[0]=payment_intent.latest_charge";
        var found = await client.Get(path, StripeJson.Default.StripeSession, stop);
        if (found.Failure is { } failure) return failure;
        return found.Value.PaymentIntent is
            { AmountReceived: > 0, SetupFutureUsage: "off_session", Customer: { } customer, PaymentMethod: { } method, LatestCharge.PaymentMethodDetails.Card: { } card }
            ? new SavedCard(customer, method, card.Brand ?? "", card.Last4 ?? "")
            : (SavedCard?)null;
    }

    public async Task<ProviderAnswer<bool>> Forget(SavedCard card, CancellationToken stop)
    {
        var path = $"/v1/payment_methods/{Escape(card.Card)}/detach";
        var answer = await client.Post(path, new StripeForm(), $"card:{card.Card}:detach", StripeJson.Default.StripeSavedCard, stop);
        // What it refuses to detach, or does not know, is detached already.
        return answer.Failure is { Kind: ProviderFailureKind.Unavailable } lost ? lost : true;
    }

    private static ChargeAnswer Charged(StripeIntent intent) =>
        new(intent.Id, StripeTruth.StateOf(intent) is PaymentState.Failed or PaymentState.Canceled ? intent.LastPaymentError?.Reason ?? "card_declined" : "");
}
