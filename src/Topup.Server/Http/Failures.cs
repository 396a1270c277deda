using Topup.Contracts;

namespace Topup.Server.Http;

/// <summary>The problem that an exception of another room means, such as a lost database; null when it is not one of its own.</summary>
internal delegate Problem? KnownFailure(Exception failure);

/// <summary>
/// The last word of a request. What broke is logged with a correlation id, and the caller gets the id and nothing else.
/// A bare status, such as the 404 of an unknown route, gets the problem that belongs to it.
/// </summary>
internal sealed class Failures(RequestDelegate next, IEnumerable<KnownFailure> known, ILogger<Failures> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (IsBareRefusal(context)) await Problems.Write(context, OfStatus(context.Response.StatusCode));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to tell.
        }
        catch (BadHttpRequestException bad)
        {
            await Answer(context, OfStatus(bad.StatusCode));
        }
        catch (Exception broken)
        {
            log.LogError(broken, "A request failed ({Correlation})", context.TraceIdentifier);
            if (known.Select(failure => failure(broken)).FirstOrDefault(problem => problem is not null) is { } problem)
                await Answer(context, problem);
            else await Answer(context, Problems.Of(StatusCodes.Status500InternalServerError, ProblemCodes.InternalError,
                $"Something went wrong that should not have. The server's log has it under {context.TraceIdentifier}."));
        }
    }

    private static bool IsBareRefusal(HttpContext context) =>
        context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null }
        && context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal);

    private static async Task Answer(HttpContext context, Problem problem)
    {
        if (context.Response.HasStarted) context.Abort();
        else await Problems.Write(context, problem);
    }

    private static Problem OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => Problems.Of(status, ProblemCodes.NotFound, "There is nothing at this address."),
        StatusCodes.Status405MethodNotAllowed => Problems.Of(status, ProblemCodes.MethodNotAllowed,
            "This address does not take this method; the Allow header names those it takes."),
        StatusCodes.Status413PayloadTooLarge => Problems.Of(status, ProblemCodes.BodyTooLarge,
            $"The body is larger than {Body.BytesMax} bytes.", limit: Body.BytesMax),
        StatusCodes.Status415UnsupportedMediaType => Problems.Of(status, ProblemCodes.UnsupportedMediaType,
            "The body must be JSON, with the header Content-Type: application/json.", "Content-Type"),
        _ => Problems.Of(status, ProblemCodes.BadRequest, "The request is not a whole HTTP request."),
    };
}
