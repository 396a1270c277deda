namespace Topup.Contracts;

/// <summary>How money is shown to people. On the wire it is always a number and an ISO 4217 code.</summary>
public sealed record MoneySettings
{
    /// <summary>ISO 4217 code of the operator's own currency. Nothing set: USD.</summary>
    public required string Currency { get; init; }

    /// <summary>Own styles by ISO 4217 code; at most 40. A currency without one is written as its country writes it.</summary>
    public IReadOnlyDictionary<string, MoneyStyleSettings>? Styles { get; init; }
}

/// <summary>How one currency is written. What is left out is as the currency's country has it.</summary>
public sealed record MoneyStyleSettings
{
    /// <summary>1 to 8 characters, without digits.</summary>
    public string? Symbol { get; init; }

    /// <summary><c>before</c> or <c>after</c> the number.</summary>
    public string? SymbolPlace { get; init; }

    /// <summary>Whether a space stands between symbol and number.</summary>
    public bool? Space { get; init; }

    /// <summary>One character: neither a letter, nor a digit, nor a minus.</summary>
    public string? DecimalSeparator { get; init; }

    /// <summary>The same, and another one; empty: thousands are not set apart.</summary>
    public string? ThousandsSeparator { get; init; }
}

/// <summary>Who sells: what stands on receipts. What is left out is not there.</summary>
public sealed record BusinessSettings
{
    /// <summary>At most 200 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Several lines, at most 500 characters.</summary>
    public string? Address { get; init; }

    /// <summary>At most 60 characters, as it shall stand there, such as <c>VAT DE123456789</c>.</summary>
    public string? TaxId { get; init; }
    public string? Email { get; init; }

    /// <summary>An address that begins with http:// or https://, at most 200 characters.</summary>
    public string? Website { get; init; }

    /// <summary>Stands before the number of every receipt that is issued from now on; at most 20 of A-Z a-z 0-9 . / _ -</summary>
    public string? ReceiptPrefix { get; init; }

    /// <summary>Left out: receipts have no line for tax.</summary>
    public TaxSettings? Tax { get; init; }
}

/// <summary>A tax that prices include.</summary>
public sealed record TaxSettings
{
    /// <summary>1 to 40 characters, such as VAT.</summary>
    public required string Name { get; init; }

    /// <summary>Percent, more than 0 and at most 100, with at most 4 decimals.</summary>
    public required decimal Rate { get; init; }
}

/// <summary>In which time zone days and months shall begin, from the next start of the server on.</summary>
public sealed record TimeZoneRequest
{
    /// <summary>IANA id, at most 64 characters, such as America/Sao_Paulo.</summary>
    public required string TimeZone { get; init; }
}

/// <summary>In which time zone days and months begin.</summary>
public sealed record TimeZoneView
{
    /// <summary>The one that was saved, which holds from the next start of each server on. Null: none was; what the server is started with holds.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The one in which the server that answers counts, from its start to its end.</summary>
    public required string TimeZoneInForce { get; init; }
}

/// <summary>How a checkout goes.</summary>
public sealed record CheckoutSettings
{
    /// <summary>The method of payment that is offered first. Left out, or not ready: the first that is.</summary>
    public string? DefaultMethod { get; init; }

    /// <summary>What becomes of credits that were spent before their payment was refunded: <c>debt</c> (default) or <c>forgive</c>.</summary>
    public string? SpentOnRefund { get; init; }

    /// <summary>How long a buyer may take to pay, 30 to 1,440 minutes. Left out: 60.</summary>
    public int? CheckoutMinutes { get; init; }

    /// <summary>Seconds that a buyer who comes back is shown the result before the page goes on, 0 to 10. Left out: 3.</summary>
    public int? RedirectDelay { get; init; }
}

/// <summary>How add-ons are renewed.</summary>
public sealed record AddOnSettings
{
    /// <summary>How many days an add-on goes on working when its renewal cannot be charged, 0 to 30. Left out: 3.</summary>
    public int? GraceDays { get; init; }
}

/// <summary>Whom workflows write to at the operator. What is left out is not there.</summary>
public sealed record OperatorContact
{
    /// <summary>At most 200 characters; texts name it as <c>{operator_name}</c>.</summary>
    public string? Name { get; init; }
    public string? Email { get; init; }

    /// <summary>E.164, such as +5511998765432.</summary>
    public string? Phone { get; init; }
}
