namespace Topup.Domain.Templates;

/// <summary>Where a value is written, and so what it must not be able to do there.</summary>
public enum Landing
{
    /// <summary>A text for people: as it is, without control characters but tab and line feed.</summary>
    Text,

    /// <summary>The content of an element, or an attribute in quotes: no markup.</summary>
    Html,

    /// <summary>A line of a header, such as a subject: no line breaks, no control characters.</summary>
    Header,

    /// <summary>A part of an address: percent-encoded as RFC 3986 says.</summary>
    Url,

    /// <summary>Inside the quotes of a JSON string (RFC 8259).</summary>
    Json,
}
