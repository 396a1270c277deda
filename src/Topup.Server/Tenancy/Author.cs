using Topup.Server.Http;

namespace Topup.Server.Tenancy;

/// <summary>Who makes a change, and why; both go to the audit.</summary>
internal sealed record Author(string Actor, string Reason)
{
    public const string ReasonHeader = "Topup-Reason";
    public const int ReasonLengthMax = 500;

    /// <summary>The server itself, at its start.</summary>
    public static Author Server(string reason) => new("server", reason);

    /// <summary>Who acts on a page.</summary>
    public static Author Of(Caller caller, string reason = "") => new(caller.Actor, reason);

    public static Outcome<Author> Of(HttpContext context)
    {
        var reason = context.Request.Headers[ReasonHeader].ToString();
        if (Fields.Text(ReasonHeader, reason, ReasonLengthMax, min: 0) is { } problem) return problem;
        return new Author(context.Caller().Actor, reason);
    }
}
