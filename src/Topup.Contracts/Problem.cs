using System.Text.Json;
using System.Text.Json.Serialization;

namespace Topup.Contracts;

/// <summary>Why a request was refused: problem details of RFC 9457, with a code for programs and a detail for people.</summary>
public sealed record Problem
{
    /// <summary><c>urn:topup:problem:</c> and the code.</summary>
    public required string Type { get; init; }

    /// <summary>The code in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What is wrong with this request, and the way out, in a sentence.</summary>
    public required string Detail { get; init; }

    /// <summary>One of <see cref="ProblemCodes"/>. Codes never change their meaning.</summary>
    public required string Code { get; init; }

    /// <summary>The field that is wrong, such as <c>allowances.sms</c>, or the header or query parameter.</summary>
    public string? Field { get; init; }

    /// <summary>The limit that was passed, in the unit that the detail names.</summary>
    public decimal? Limit { get; init; }

    /// <summary>What else a code has to say; its documentation names the members.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extensions { get; set; }
}
