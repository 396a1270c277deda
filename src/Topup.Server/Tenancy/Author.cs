using System.Security.Cryptography;
using Topup.Server.Http;
using Topup.Server.Tenancy.Operators;

namespace Topup.Server.Tenancy;

/// <summary>Who makes a change, and why; both go to the audit.</summary>
internal sealed record Author(string Actor, string Reason)
{
    public const string ReasonHeader = "Topup-Reason";
    public const int ReasonLengthMax = 500;

    private const int SecretLength = 32;

    /// <summary>The form of a page that is to make something once; null: the API, or a form that may act twice.</summary>
    public SentForm? Form { get; init; }

    /// <summary>256 bits for a secret of what is made; of a form always the same, and one form makes one secret.</summary>
    public byte[] SecretBytes() => Form?.Secret ?? RandomNumberGenerator.GetBytes(SecretLength);

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
