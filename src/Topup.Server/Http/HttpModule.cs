using System.Text.Json.Serialization;
using Topup.Contracts;

namespace Topup.Server.Http;

internal static class HttpModule
{
    private const int HeadersBytesMax = 32 * 1024;

    public static void AddHttp(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Body.BytesDrainedMax;
            kestrel.Limits.MaxRequestHeadersTotalSize = HeadersBytesMax;
        });
        Overload.Add(builder);
        builder.Services.AddSingleton<PublicAddress>().AddSingleton(new TrustedProxies(builder.Configuration[TrustedProxies.Setting]));
        builder.Services.AddSingleton(_ => new OutgoingHttp());
        builder.Logging.ClearProviders();
        // A line a request would name tenants and cost more than the request; metrics count them instead.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (builder.Configuration["Topup:LogFormat"] == "text") builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        else builder.Logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            // What describes the API (OpenAPI) reads the same contracts, with the same names.
            options.SerializerOptions.PropertyNamingPolicy = TopupJson.Default.Options.PropertyNamingPolicy;
            options.SerializerOptions.DefaultIgnoreCondition = TopupJson.Default.Options.DefaultIgnoreCondition;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, TopupJson.Default);
        });
    }

    /// <summary>First of all middleware, so that it has the last word.</summary>
    public static IApplicationBuilder UseHttp(this IApplicationBuilder app)
    {
        var proxies = app.ApplicationServices.GetRequiredService<TrustedProxies>();
        if (proxies.Any) app.UseForwardedHeaders(proxies.Options());
        return app.UseMiddleware<Failures>().UseMiddleware<Overload>();
    }

    /// <summary>What every operation of the API may answer besides its own.</summary>
    public static TBuilder MayRefuse<TBuilder>(this TBuilder route, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
            route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), ["application/problem+json"]));
        return route;
    }
}
