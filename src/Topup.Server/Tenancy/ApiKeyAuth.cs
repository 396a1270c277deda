using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Http;

namespace Topup.Server.Tenancy;

/// <summary>Asks who calls, on every route that requires a scope.</summary>
internal sealed class ApiKeyAuth(RequestDelegate next, ApiKeys keys)
{
    private const string Scheme = "Bearer ";

    public Task InvokeAsync(HttpContext context)
    {
        var required = context.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>();
        if (required is null) return next(context);

        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return Unauthorized(context);
        var key = header.AsSpan(Scheme.Length).Trim();
        if (!KeyHash.IsKey(key)) return Unauthorized(context);

        var find = keys.Find(KeyHash.Of(key));
        return find.IsCompletedSuccessfully ? Enter(context, required.Scope, find.Result) : Wait(context, required.Scope, find);
    }

    private async Task Wait(HttpContext context, Scope scope, ValueTask<Caller?> find) => await Enter(context, scope, await find);

    private Task Enter(HttpContext context, Scope scope, Caller? caller)
    {
        if (caller is null) return Unauthorized(context);
        if (!caller.May(scope)) return Problems.Write(context, Forbidden(scope));
        context.Features.Set(caller);
        return next(context);
    }

    public static Problem Forbidden(Scope scope) => Problems.Of(StatusCodes.Status403Forbidden, ProblemCodes.Forbidden,
        $"This API key has no scope {string.Join(", ", Scopes.NamesOf(scope))}.");

    private static Task Unauthorized(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Write(context, Problems.Of(StatusCodes.Status401Unauthorized, ProblemCodes.Unauthorized,
            "Send an API key that is in force, as Authorization: Bearer <key>."));
    }
}
