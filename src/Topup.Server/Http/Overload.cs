using System.Threading.RateLimiting;
using Topup.Contracts;

namespace Topup.Server.Http;

/// <summary>
/// Turns requests away before anything is read of them, once too many are under way: a refusal must cost less than an
/// answer, or refusing is what sinks the server. Probes of health always pass.
/// </summary>
internal sealed class Overload(RequestDelegate next, ConcurrencyLimiter limiter)
{
    private const string Setting = "Topup:InFlightMax";
    private const int InFlightMaxDefault = 2_048;

    /// <exception cref="InvalidOperationException">The setting is wrong; the message says how.</exception>
    public static void Add(WebApplicationBuilder builder)
    {
        var options = new ConcurrencyLimiterOptions { PermitLimit = LimitOf(builder.Configuration[Setting]), QueueLimit = 0 };
        builder.Services.AddSingleton(_ => new ConcurrencyLimiter(options));
    }

    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)) return next(context);
        var lease = limiter.AttemptAcquire();
        if (lease.IsAcquired) return Run(context, lease);
        lease.Dispose();
        return Problems.Write(context, Problems.Of(StatusCodes.Status429TooManyRequests, ProblemCodes.TooManyWaiting,
            "Too many requests are under way. Nothing was changed; retry in a second."));
    }

    private async Task Run(HttpContext context, RateLimitLease lease)
    {
        using (lease) await next(context);
    }

    private static int LimitOf(string? text)
    {
        if (string.IsNullOrEmpty(text)) return InFlightMaxDefault;
        if (int.TryParse(text, out var limit) && limit is >= 1 and <= 1_000_000) return limit;
        throw new InvalidOperationException($"Topup__InFlightMax must be a whole number from 1 to 1000000, not '{text}'.");
    }
}
