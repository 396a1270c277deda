using System.Globalization;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Ledger;

namespace Topup.Server.Web.Admin.Tenants;

/// <summary>Which entries of a history somebody wants to see, as the address of its page says; and the same as a file.</summary>
internal static class EntryQuery
{
    public const string Path = "/admin/tenants/{id}/entries.csv";

    private static readonly string[] Names = ["type", "kind", "subject", "usage_type", "reference"];

    public static void Map(IEndpointRouteBuilder app) => app.MapGet(Path, async (string id, HttpContext context, ListEntries list) =>
        {
            var asked = Of(context, null);
            return asked.Problem is { } wrong ? wrong.AsResult() : await list.Csv(id, asked.Value, context.RequestAborted);
        })
        .WithMetadata(new StaffPageAttribute(Scope.Read)).ExcludeFromDescription();

    /// <summary>Days are those of the operator, from the first to the end of the last.</summary>
    public static Outcome<ListEntries.Query> Of(HttpContext context, string? limit)
    {
        var l = Locale.Of(context);
        var (from, to) = (TypedTime.OrNull("from", Text("from") ?? "", l), TypedTime.OrNull("to", Text("to") ?? "", l));
        if ((from.Problem ?? to.Problem) is { } wrong) return wrong;
        return new ListEntries.Query(Text(Names[0]), Text(Names[1]), Text(Names[2]), Text(Names[3]), Text(Names[4]),
            Time(from.Value), Time(to.Value?.AddDays(1)), limit, Text("cursor"));

        string? Text(string name) => context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;
    }

    private static string? Time(DateTimeOffset? time) => time?.ToString("O", CultureInfo.InvariantCulture);
}
