using Topup.Contracts;

namespace Topup.Server.Http;

/// <summary>The key under which a write has one effect, however often it is sent: 1 to 255 printable ASCII characters.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const int LengthMax = 255;

    public static Outcome<string> Read(HttpContext context)
    {
        var values = context.Request.Headers[Header];
        if (values.Count > 1)
            return Problems.Of(400, ProblemCodes.IdempotencyKeyInvalid, "The Idempotency-Key header is there twice.", Header);
        var key = values.ToString();
        if (key.Length == 0)
        {
            return Problems.Of(400, ProblemCodes.IdempotencyKeyRequired,
                "Send an Idempotency-Key header that is new for every new request and the same for every retry of it.",
                Header);
        }
        return IsValid(key) ? key : Invalid(Header);
    }

    public static bool IsValid(string key) =>
        key.Length is > 0 and <= LengthMax && !key.AsSpan().ContainsAnyExceptInRange(' ', '~');

    public static Problem Invalid(string field) => Problems.Of(400, ProblemCodes.IdempotencyKeyInvalid,
        $"An idempotency key is 1 to {LengthMax} printable ASCII characters.", field, LengthMax);
}
