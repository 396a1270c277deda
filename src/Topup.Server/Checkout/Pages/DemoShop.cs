using System.Globalization;
using System.Text;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Server.Catalog;
using Topup.Server.Catalog.Settings;
using Topup.Server.Checkout.Methods;
using Topup.Server.Http;
using Topup.Server.Ledger;

namespace Topup.Server.Checkout.Pages;

/// <summary>
/// <c>/sandbox</c>: the demo tenant's credits and the packs it may buy, to try a purchase in a browser. Only where
/// <c>Topup__Sandbox</c> is true, and only of the tenant <c>demo</c>: nobody signs in here.
/// </summary>
internal sealed class DemoShop(
    LedgerReader ledger, CatalogCache catalogs, OperatorSettings settings, StartPurchase purchases, PublicAddress address, MethodEnvironment environment)
{
    private const string Tenant = "demo";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/sandbox", (HttpContext context, DemoShop shop) => shop.Show(context)).ExcludeFromDescription();
        app.MapPost("/sandbox", (HttpContext context, DemoShop shop) => shop.Buy(context)).ExcludeFromDescription();
    }

    private async Task<IResult> Show(HttpContext context)
    {
        var stop = context.RequestAborted;
        if (!environment.Sandbox) return NotFound(context);
        var pools = await ledger.Pools(Tenant, stop);
        if (pools.Problem is not null) return NotFound(context);

        var money = await settings.Money(stop);
        var body = new StringBuilder("<p class=\"sandbox\">Sandbox: no money is moved here.</p>\n")
            .Append("<table>\n<thead><tr><th scope=\"col\">Credits</th><th scope=\"col\">This month</th><th scope=\"col\">Purchased</th></tr></thead>\n<tbody>\n");
        foreach (var pool in pools.Value.Select(pool => pool.View()))
            body.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{BuyerPage.Html(pool.Name)}</th>")
                .Append(CultureInfo.InvariantCulture, $"<td>{(pool.Remaining.Unlimited ? "unlimited" : pool.Remaining.Allowance)}</td><td>{pool.Remaining.Purchased}</td></tr>\n");
        body.Append("</tbody>\n</table>\n<h2>Top up</h2>\n");
        foreach (var pack in catalogs.Current.Packs.Values.Where(IsForSale).OrderBy(pack => pack.Type, StringComparer.Ordinal).ThenBy(pack => pack.Price))
            body.Append("<form method=\"post\" action=\"/sandbox\">")
                .Append(CultureInfo.InvariantCulture, $"<input type=\"hidden\" name=\"key\" value=\"{Guid.CreateVersion7()}\">")
                .Append(CultureInfo.InvariantCulture, $"<input type=\"hidden\" name=\"pack\" value=\"{BuyerPage.Html(pack.Code)}\">")
                .Append(CultureInfo.InvariantCulture, $"<button>{BuyerPage.Html($"{pack.Name} for {money.Text(pack.Price, pack.Currency)}")}</button></form>\n");
        return BuyerPage.Of(context, "Demo tenant", body.ToString());

        bool IsForSale(Pack pack) => pack.Active && pack.Custom is null && pools.Value.Any(pool => pool.Type.Code == pack.Type && pool.MayTopUp);
    }

    private async Task<IResult> Buy(HttpContext context)
    {
        var stop = context.RequestAborted;
        if (!environment.Sandbox || !context.Request.HasFormContentType) return NotFound(context);
        var form = await context.Request.ReadFormAsync(stop);
        if (!Guid.TryParseExact(form["key"], "D", out var key)) return NotFound(context);
        var bought = await purchases.Run(new OrderRequest
        {
            Tenant = Tenant, Pack = form["pack"].ToString(), Method = PaymentMethod.Sandbox, Key = $"shop:{key}", Actor = "sandbox",
            ReturnUrl = address.Of("/sandbox"),
        }, stop);
        if (bought.Problem is { } problem)
            return BuyerPage.Of(context, "Not bought", $"<p>{BuyerPage.Html(problem.Detail ?? problem.Title)}</p>", problem.Status);
        return Results.Redirect(bought.Value.CheckoutUrl ?? "/sandbox");
    }

    private static IResult NotFound(HttpContext context) => BuyerPage.Of(context, "Not found", "<p>There is nothing here.</p>", 404);
}
