using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Checkout;
using Topup.Server.Checkout.Methods;
using Topup.Server.Checkout.Providers.Sandbox;

namespace Topup.Server.Checkout.Pages;

/// <summary>
/// What a buyer does on the sandbox's page, <c>/sandbox/{token}</c>, in place of a bank. Whoever has the address of a purchase
/// may press: it moves no money.
/// </summary>
internal sealed class PaySandbox(CheckoutStore store, PurchaseViews views, SandboxStore sandbox, MethodEnvironment environment, TimeProvider clock)
{
    private static readonly Dictionary<string, string> States = new(StringComparer.Ordinal)
    {
        ["pay"] = SandboxPayment.Paid,
        ["pay-later"] = SandboxPayment.UnderWay,
        ["decline"] = SandboxPayment.Declined,
        ["fail"] = SandboxPayment.Failed,
        ["close"] = SandboxPayment.Closed,
    };

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/sandbox/{token}/{action}", (HttpContext context, string token, string action, PaySandbox verb) => verb.Press(token, action, context.RequestAborted))
            .ExcludeFromDescription();

    /// <summary>Null: there is no purchase of this token to be paid here.</summary>
    public async Task<PurchaseView?> Find(string token, CancellationToken stop) => await Row(token, stop) is { } row ? views.Of(row) : null;

    private async Task<IResult> Press(string token, string action, CancellationToken stop)
    {
        if (!States.TryGetValue(action, out var state) || await Row(token, stop) is not { } row) return Results.NotFound();
        await sandbox.Tell(row, state, Instant.From(clock.GetUtcNow()), stop);
        return Results.Redirect("/checkout/" + token);
    }

    private async Task<PurchaseRow?> Row(string token, CancellationToken stop) =>
        environment.Sandbox && await store.FindByReturnToken(token, stop) is { Purchase.Method: PaymentMethod.Sandbox } row ? row : null;
}
