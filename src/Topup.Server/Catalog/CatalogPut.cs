using System.Text.Json.Serialization.Metadata;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog;

/// <summary>What every PUT of the catalogue does around its verb: who changes it and why, the body, the answer.</summary>
internal static class CatalogPut
{
    public static async Task<IResult> Handle<TRequest, TView>(
        HttpContext context, JsonTypeInfo<TRequest> request, JsonTypeInfo<TView> view,
        Func<TRequest, Author, CancellationToken, Task<Outcome<Saved<TView>>>> save)
        where TRequest : class
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        var body = await Body.Read(context, request);
        if (body.Problem is { } unread) return unread.AsResult();
        return Reply.Of(await save(body.Value, author.Value, context.RequestAborted), view);
    }
}
