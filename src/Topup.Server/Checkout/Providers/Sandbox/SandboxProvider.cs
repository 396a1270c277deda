using System.Globalization;
using Topup.Domain;
using Topup.Domain.Checkout;
using Topup.Server.Checkout.Methods;
using Topup.Server.Http;

namespace Topup.Server.Checkout.Providers.Sandbox;

/// <summary>
/// A provider that is a page of this server with buttons instead of a bank. It goes the same way as the real ones:
/// nothing is credited by a button, but by what the provider says when it is asked.
/// </summary>
internal sealed class SandboxProvider(SandboxStore store, MethodEnvironment environment, PublicAddress address, TimeProvider clock) : IPaymentProvider
{
    public string Method => "sandbox";

    public Task<string?> Missing(CancellationToken stop) => Task.FromResult(environment.Sandbox ? null : "Topup__Sandbox is not true.");

    public Task<ProviderAnswer<ProviderMode>> Greet(CancellationToken stop) => Task.FromResult<ProviderAnswer<ProviderMode>>(ProviderMode.Test);

    public string? Refuses(long price, string currency) => null;

    public Task<ProviderAnswer<CheckoutPage>> Open(PurchaseRow purchase, Buyer buyer, CancellationToken stop) =>
        Task.FromResult<ProviderAnswer<CheckoutPage>>(
            new CheckoutPage("sandbox_" + purchase.Purchase.Order, address.Of("/sandbox/" + purchase.ReturnToken)));

    public async Task<ProviderAnswer<PaymentTruth>> Fetch(PurchaseRow purchase, string hint, CancellationToken stop)
    {
        if (await store.Find(purchase.Id, stop) is not { } told)
        {
            var isOver = Instant.From(clock.GetUtcNow()) >= purchase.ExpiresAt;
            return PaymentTruth.Open with { State = isOver ? PaymentState.Expired : PaymentState.Open };
        }
        return told.State switch
        {
            SandboxPayment.Paid => new PaymentTruth
            {
                State = PaymentState.Paid,
                Payments =
                [
                    new TakenPayment
                    {
                        Id = "sandbox_" + purchase.Purchase.Order, Order = purchase.Purchase.Order, Amount = told.Amount, Currency = told.Currency,
                        Refunded = told.Refunded,
                    },
                ],
            },
            SandboxPayment.UnderWay => new PaymentTruth { State = PaymentState.Processing },
            SandboxPayment.Failed => new PaymentTruth { State = PaymentState.Failed, Failure = "declined" },
            SandboxPayment.Closed => new PaymentTruth { State = PaymentState.Canceled },
            _ => new PaymentTruth { State = PaymentState.Open, Failure = told.State == SandboxPayment.Declined ? "declined" : "" },
        };
    }

    public async Task<ProviderAnswer<RefundAnswer>> Refund(PurchaseRow purchase, RefundRow refund, CancellationToken stop) =>
        await store.Refund(purchase.Id, refund.Id, refund.Amount, stop)
            ? new RefundAnswer("sandbox_" + refund.Id, RefundStatus.Succeeded)
            : new ProviderFailure(ProviderFailureKind.Refused, "not_refundable", "the sandbox has not so much of the payment left");

    public async Task<ProviderAnswer<bool>> Close(PurchaseRow purchase, CancellationToken stop)
    {
        await store.Tell(purchase, SandboxPayment.Closed, Instant.From(clock.GetUtcNow()), stop);
        return true;
    }

    public async Task<ProviderAnswer<List<ListedPayment>>> List(DateTimeOffset from, DateTimeOffset until, CancellationToken stop) =>
        await store.List(Instant.From(from), Instant.From(until), stop);
}

/// <summary>What the sandbox was told to pretend of one order.</summary>
/// <param name="Refunds">Id and amount of each refund, apart by spaces: <c>id:500</c>.</param>
internal sealed record SandboxPayment(string Order, string State, long Amount, string Currency, string Refunds, long CreatedAt)
{
    public const string Paid = "paid";
    public const string UnderWay = "under_way";
    public const string Declined = "declined";
    public const string Failed = "failed";
    public const string Closed = "closed";

    public long Refunded => Refunds.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Sum(refund => long.Parse(refund.AsSpan(refund.IndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture));
}
