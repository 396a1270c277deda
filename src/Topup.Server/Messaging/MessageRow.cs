using System.Security.Cryptography;
using System.Text;
using Topup.Domain.Messaging;
using Topup.Domain.Tenancy;

namespace Topup.Server.Messaging;

/// <summary>A message, as it is stored. To whom and what stands in <see cref="MessageContent"/> alone.</summary>
internal sealed record MessageRow
{
    public required string Tenant { get; init; }
    public required string Id { get; init; }
    public required Message Message { get; init; }

    /// <summary>The credit type that pays.</summary>
    public required string Type { get; init; }

    /// <summary>Number of the hold; 0: none was placed.</summary>
    public long Hold { get; init; }

    /// <summary>Smallest units that were held.</summary>
    public long Held { get; init; }

    /// <summary>Uses that were held for: messages, or segments.</summary>
    public required long Quantity { get; init; }

    /// <summary>Its uses are segments.</summary>
    public required bool IsPerSegment { get; init; }

    /// <summary>Smallest units that it took in the end.</summary>
    public long Charged { get; init; }
    public required string Reference { get; init; }

    /// <summary>Of the request that made it.</summary>
    public required long Fingerprint { get; init; }
    public required string Actor { get; init; }

    /// <summary>Counts the changes of the row. Of any number of callers that saw the same, one changes it.</summary>
    public long Version { get; init; }

    public MessageId Key => new(Tenant, Id);
}

/// <summary>To whom a message goes, and what it says. Kept for as long as the operator says, and never logged.</summary>
internal sealed record MessageContent(string Recipient, string Subject, string Text, string Html)
{
    /// <summary>What the provider calls a text that it keeps itself; empty: none.</summary>
    public string ContentSid { get; init; } = "";

    /// <summary>JSON of what that text is filled with; empty: nothing.</summary>
    public string ContentVariables { get; init; } = "";

    /// <summary>Only a provider that keeps its text can say it.</summary>
    public bool IsElsewhere => ContentSid.Length > 0 && Text.Length == 0;

    /// <summary>A record would write all of it into a log.</summary>
    public override string ToString() => "(a message)";
}

/// <summary>The public id of a message, <c>tenant~id</c>. It follows from the idempotency key, so that a key can only ever make one.</summary>
internal readonly record struct MessageId(string Tenant, string Id)
{
    private const int BytesKept = 16;
    private const int Length = 2 * BytesKept;

    public override string ToString() => $"{Tenant}~{Id}";

    /// <summary>No other tenant's message has the same id, for providers know messages by it alone.</summary>
    public static MessageId Of(string tenant, string key) =>
        new(tenant, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\n{key}")).AsSpan(0, BytesKept)));

    public static bool TryParse(string text, out MessageId id)
    {
        id = default;
        if (text.Split('~') is not [var tenant, { Length: Length } own] || !TenantId.IsValid(tenant)) return false;
        if (!own.All(char.IsAsciiHexDigitLower)) return false;
        id = new MessageId(tenant, own);
        return true;
    }
}
