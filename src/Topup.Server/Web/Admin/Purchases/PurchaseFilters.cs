using Topup.Server.Checkout;

namespace Topup.Server.Web.Admin.Purchases;

/// <summary>The list of purchases as its address says.</summary>
internal static class PurchaseFilters
{
    /// <summary>On pages a state like the others; also those that were credited and have something left to decide.</summary>
    public const string InReview = "needs_review";

    private const string PageSize = "50";

    public static readonly IReadOnlyList<string> Statuses =
    [
        "created", "pending", "processing", "paid", "credited", "failed", "expired", "canceled", InReview, "partly_refunded", "refunded", "disputed",
        "dispute_won", "dispute_lost",
    ];

    public static ListPurchases.Query Of(HttpContext context)
    {
        var (status, method, tenant) = (Asked(context, "status"), Asked(context, "method"), Asked(context, "tenant"));
        return status == InReview
            ? new ListPurchases.Query(Review: "true", Method: method, Tenant: tenant, Limit: PageSize, Cursor: Asked(context, "cursor"))
            : new ListPurchases.Query(Status: status, Method: method, Tenant: tenant, Limit: PageSize, Cursor: Asked(context, "cursor"));
    }

    /// <summary>The same for a file, which has all pages.</summary>
    public static string ForFile(HttpContext context)
    {
        var query = Of(context);
        var asked = new[] { ("status", query.Status), ("review", query.Review), ("method", query.Method), ("tenant", query.Tenant) }.Where(pair => pair.Item2 is not null);
        return QueryString.Create(asked.Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))).ToString();
    }

    private static string? Asked(HttpContext context, string name) => context.Request.Query[name].ToString().Trim() is { Length: > 0 } asked ? asked : null;
}
