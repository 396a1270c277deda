using System.Globalization;
using System.Text;
using Topup.Domain;
using Topup.Domain.Checkout;
using Topup.Server.Catalog;
using Topup.Server.Catalog.Settings;
using Topup.Server.Checkout.Methods;
using Topup.Server.Checkout.Providers.Sandbox;
using Topup.Server.Ledger;

namespace Topup.Server.Checkout.Pages;

/// <summary>
/// Where a buyer comes back to, <c>/checkout/{token}</c>, and the sandbox's page, <c>/sandbox/{token}</c>. Coming back
/// grants nothing: it has the provider asked, as a notification does.
/// </summary>
internal sealed class CheckoutPages(
    CheckoutStore store, SettlePurchase settle, OperatorSettings settings, CatalogCache catalogs, SandboxStore sandbox, MethodEnvironment environment,
    TimeProvider clock)
{
    private static readonly (string Action, string State, string Label)[] Buttons =
    [
        ("pay", SandboxPayment.Paid, "Pay"),
        ("pay-later", SandboxPayment.UnderWay, "Pay later: the money is under way"),
        ("decline", SandboxPayment.Declined, "Decline: may be tried again"),
        ("fail", SandboxPayment.Failed, "Fail for good"),
        ("close", SandboxPayment.Closed, "Close without paying"),
    ];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/checkout/{token}", (HttpContext context, string token, CheckoutPages pages) => pages.Return(context, token)).ExcludeFromDescription();
        app.MapGet("/sandbox/{token}", (HttpContext context, string token, CheckoutPages pages) => pages.Sandbox(context, token)).ExcludeFromDescription();
        app.MapPost("/sandbox/{token}/{action}", (HttpContext context, string token, string action, CheckoutPages pages) => pages.Press(context, token, action))
            .ExcludeFromDescription();
    }

    private async Task<IResult> Return(HttpContext context, string token)
    {
        var stop = context.RequestAborted;
        if (await store.FindByReturnToken(token, stop) is not { } row) return BuyerPage.Of(context, "Not found", "<p>There is no purchase here.</p>", 404);
        if (PurchaseStates.IsOpen(row.Purchase.Status))
        {
            var settled = await settle.Run(row.Id, "", "return", stop);
            row = settled.Problem is null ? settled.Value : row;
        }
        var body = new StringBuilder(Sandboxed(row)).Append(await Facts(row, stop));
        if (row.Purchase.Status == PurchaseStatus.Pending && row.CheckoutUrl.Length > 0)
            body.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{BuyerPage.Html(row.CheckoutUrl)}\">Back to the payment</a></p>");
        if (row.ReturnUrl.Length > 0) body.Append(CultureInfo.InvariantCulture, $"<p><a class=\"button\" href=\"{BuyerPage.Html(row.ReturnUrl)}\">Continue</a></p>");
        if (row.Purchase.Status == PurchaseStatus.Processing) context.Response.Headers.Append("Refresh", "15");
        if (row.Purchase.Status == PurchaseStatus.Credited && row.ReturnUrl.Length > 0)
            context.Response.Headers.Append("Refresh", $"{(await settings.Checkout(stop)).RedirectDelay};url={row.ReturnUrl}");
        return BuyerPage.Of(context, Heading(row), body.ToString());
    }

    private async Task<IResult> Sandbox(HttpContext context, string token)
    {
        if (await FindSandbox(token, context.RequestAborted) is not { } row) return BuyerPage.Of(context, "Not found", "<p>There is no purchase here.</p>", 404);
        if (!PurchaseStates.IsOpen(row.Purchase.Status)) return Results.Redirect("/checkout/" + token);
        var body = new StringBuilder(Sandboxed(row)).Append(await Facts(row, context.RequestAborted));
        foreach (var (action, _, label) in Buttons)
            body.Append(CultureInfo.InvariantCulture, $"<form method=\"post\" action=\"/sandbox/{BuyerPage.Html(token)}/{action}\">")
                .Append(CultureInfo.InvariantCulture, $"<button{(action == "pay" ? " class=\"first\"" : "")}>{label}</button></form>");
        return BuyerPage.Of(context, "Sandbox payment", body.ToString());
    }

    private async Task<IResult> Press(HttpContext context, string token, string action)
    {
        var stop = context.RequestAborted;
        var pressed = Buttons.FirstOrDefault(button => button.Action == action);
        if (pressed.State is null || await FindSandbox(token, stop) is not { } row) return BuyerPage.Of(context, "Not found", "<p>There is no purchase here.</p>", 404);
        await sandbox.Tell(row, pressed.State, Instant.From(clock.GetUtcNow()), stop);
        return Results.Redirect("/checkout/" + token);
    }

    private async Task<PurchaseRow?> FindSandbox(string token, CancellationToken stop) =>
        environment.Sandbox && await store.FindByReturnToken(token, stop) is { Purchase.Method: PaymentMethod.Sandbox } row ? row : null;

    private async Task<string> Facts(PurchaseRow row, CancellationToken stop)
    {
        var purchase = row.Purchase;
        var money = await settings.Money(stop);
        var facts = new StringBuilder("<dl>");
        Add("What", row.Title);
        Add("Price", money.Text(purchase.Price, purchase.Currency));
        if (catalogs.Current.Types.TryGetValue(purchase.Type, out var type)) Add("Credits", $"{LedgerViews.Decimal(purchase.Credits, type)} {type.Name}");
        if (purchase.Refunded + purchase.Returned > 0) Add("Refunded", money.Text(purchase.Refunded + purchase.Returned, purchase.Currency));
        if (purchase.Failure.Length > 0) Add("Last attempt", purchase.Failure);
        return facts.Append("</dl>").ToString();

        void Add(string name, string value) => facts.Append(CultureInfo.InvariantCulture, $"<dt>{name}</dt><dd>{BuyerPage.Html(value)}</dd>");
    }

    private static string Heading(PurchaseRow row) => row.Purchase.Status switch
    {
        PurchaseStatus.Created or PurchaseStatus.Pending => "Not paid yet",
        PurchaseStatus.Processing => "The payment is under way",
        PurchaseStatus.Paid => "Paid; the credits are on their way",
        PurchaseStatus.Credited or PurchaseStatus.DisputeWon => row.Purchase.LotType == row.Purchase.Type
            ? "Thank you: your credits are there"
            : "Paid: the money is on your balance",
        PurchaseStatus.Failed => "The payment failed",
        PurchaseStatus.Expired => "The time to pay is over",
        PurchaseStatus.Canceled => "Canceled",
        PurchaseStatus.NeedsReview => "The payment is being looked at",
        PurchaseStatus.PartlyRefunded => "Partly refunded",
        PurchaseStatus.Refunded => "Refunded",
        PurchaseStatus.Disputed or PurchaseStatus.DisputeLost => "The payment is disputed",
    };

    private static string Sandboxed(PurchaseRow row) => row.Purchase.Method == PaymentMethod.Sandbox
        ? "<p class=\"sandbox\">Sandbox: no money is moved here.</p>"
        : "";
}
