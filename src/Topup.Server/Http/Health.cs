using Topup.Server.Storage;

namespace Topup.Server.Http;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: it can also reach its database.</summary>
internal static class Health
{
    private static readonly TimeSpan PingMax = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => Results.Text("ok")).ExcludeFromDescription();
        routes.MapGet("/readyz", Ready).ExcludeFromDescription();
    }

    private static async Task<IResult> Ready(HttpContext context, Database database, ILoggerFactory logs)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(PingMax);
        try
        {
            await database.Ping(patience.Token);
            return Results.Text("ready");
        }
        catch (Exception failed) when (!context.RequestAborted.IsCancellationRequested)
        {
            logs.CreateLogger(typeof(Health)).LogWarning(failed, "The database does not answer");
            return Results.Text("the database does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
