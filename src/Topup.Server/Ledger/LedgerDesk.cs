using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Ledger.Limits;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary>What every verb of the ledger does before and after its rule: look up the type, check the fields, hand over, answer.</summary>
internal sealed class LedgerDesk(LedgerLanes lanes, CatalogCache catalogs, LedgerOptions options, TimeZoneInfo zone)
{
    public const int SubjectLengthMax = 128;
    public const int ReferenceLengthMax = 128;
    public const int UsageTypeLengthMax = 64;
    public const int ReasonLengthMax = 500;

    /// <summary>A caller has its answer by then: a lane that is stuck with a lost database must not keep it waiting.</summary>
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(4.5);

    /// <summary>The credit type of a code, also when another server has only just made it.</summary>
    public async ValueTask<Outcome<CreditType>> TypeOf(string code)
    {
        if (catalogs.Current.Types.TryGetValue(code, out var type)) return type;
        if (Fields.Code("type", code) is { } invalid) return invalid;
        await catalogs.Refresh(CancellationToken.None);
        return catalogs.Current.Types.TryGetValue(code, out type) ? type : LedgerProblems.TypeUnknown();
    }

    /// <summary>The amount in smallest units; 1 when left out.</summary>
    public static Outcome<long> Units(decimal? amount, CreditType type, bool zeroAllowed = false) =>
        Fields.Amount("amount", amount ?? 1, type.Decimals, zeroAllowed);

    /// <summary>Whether a caller takes less than it asked for; a problem for a word that is neither.</summary>
    public static Outcome<bool> Caps(string? onShortage) => onShortage switch
    {
        null or "refuse" => false,
        "cap" => true,
        _ => Problems.Invalid("on_shortage", "on_shortage must be refuse or cap."),
    };

    /// <summary>Null: the caller may act on this tenant; a key of another tenant learns nothing of it.</summary>
    public static Problem? Tenant(Caller caller, string tenant) =>
        Fields.TenantId("tenant", tenant)
        ?? (caller.MaySee(tenant) ? null : LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null));

    public static Problem? Words(string? usageType, string? subject, string? reference, string? reason = null) =>
        Fields.Text("usage_type", usageType, UsageTypeLengthMax, min: 0)
        ?? Fields.Text("subject", subject, SubjectLengthMax, min: 0)
        ?? Fields.Text("reference", reference, ReferenceLengthMax, min: 0)
        ?? Fields.Text("reason", reason, ReasonLengthMax, min: 0);

    /// <summary>
    /// 64 bits of a request: the same key with another fingerprint is another request. The words are kept apart, so
    /// that no two different requests read the same.
    /// </summary>
    public static long Fingerprint(string verb, params ReadOnlySpan<string?> words)
    {
        var text = new StringBuilder(verb, 128);
        foreach (var word in words) text.Append('\u001f').Append(word ?? "\u0000");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()), hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }

    /// <summary>An amount as one text: 1, 1.0 and 1.00 are the same request.</summary>
    public static string Canonical(decimal amount) => amount.ToString("G29", CultureInfo.InvariantCulture);

    /// <summary>Makes the change. A refusal for want of credits or of an active plan comes back as an outcome; all else as a problem.</summary>
    /// <param name="type">The pool's; null: the tenant's plan decides it.</param>
    public async ValueTask<Outcome<LedgerOutcome>> Submit(LedgerRequest request, CreditType? type)
    {
        if (lanes.Submit(request) is not { } answer) return LedgerProblems.Busy();
        LedgerOutcome outcome;
        try
        {
            outcome = await answer.WaitAsync(AnswerMax);
        }
        catch (TimeoutException)
        {
            return LedgerProblems.Of(LaneFailure.OutcomeUnknown);
        }
        if (outcome.Failure is { } failure) return LedgerProblems.Of(failure);
        if (outcome.Refusal == LedgerRefusal.None || LedgerProblems.ReasonOf(outcome.Refusal) is not null) return outcome;
        return LedgerProblems.Of(outcome.Refusal, outcome.Shortfall, outcome.Type ?? type);
    }

    /// <summary>Like <see cref="Submit"/>, for verbs that a shortage refuses too.</summary>
    public async ValueTask<Outcome<LedgerOutcome>> SubmitOrRefuse(LedgerRequest request, CreditType type)
    {
        var submitted = await Submit(request, type);
        return submitted.Problem is null && submitted.Value.Refusal != LedgerRefusal.None
            ? LedgerProblems.Of(submitted.Value.Refusal, submitted.Value.Shortfall, type)
            : submitted;
    }

    public LimitView? View(LedgerOutcome outcome) => outcome is { Limit: { } limit, Type: { } type } ? LimitForm.View(limit, type, zone) : null;

    public string? TopUpUrl(string tenant, string type) => options.TopUpUrlOf(tenant, type);
}
