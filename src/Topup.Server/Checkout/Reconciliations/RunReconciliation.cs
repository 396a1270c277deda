using System.Collections.Immutable;
using System.Globalization;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Server.Checkout.Providers;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.Reconciliations;

/// <summary>
/// <c>POST /v1/reconciliations</c>: compares what the providers list with the purchases. A difference is not believed but
/// asked about, and mended by <see cref="SettlePurchase"/>, the one way in which money becomes credits: so it is done
/// once however often this runs. What is different after that is left for a person.
/// </summary>
internal sealed class RunReconciliation(
    CheckoutStore purchases, ReconciliationStore store, SettlePurchase settle, IEnumerable<IPaymentProvider> providers, TimeProvider clock,
    ILogger<RunReconciliation> log)
{
    private const int FindingsMax = 1_000;
    private const string Source = "reconciliation";

    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan SpanMax = TimeSpan.FromDays(31);
    private static readonly TimeSpan SpanDefault = TimeSpan.FromDays(3);

    /// <summary>What was paid only just now is still on its way to us.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(5);

    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.ReconciliationRequest);
        var key = IdempotencyKey.Read(context);
        return (ReconciliationProblems.OfOneTenant(context.Caller()) ?? body.Problem ?? key.Problem) is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), key.Value, body.Value, context.RequestAborted), Json.Wire.ReconciliationView);
    }

    /// <summary>The methods that can be compared: those of providers that have what they need, also where nothing more is sold by them.</summary>
    public async Task<List<IPaymentProvider>> Ready(CancellationToken stop)
    {
        var ready = new List<IPaymentProvider>();
        foreach (var provider in providers)
            if (await provider.Missing(stop) is null) ready.Add(provider);
        return ready;
    }

    /// <summary>The comparison that the server makes by itself.</summary>
    public async Task<ReconciliationView> RunDaily(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var made = await Compare(await Ready(stop), now - Settling - SpanDefault, now - Settling, "server", stop);
        return await store.Save(made, key: "", fingerprint: 0, Instant.From(made.EndedAt), stop) ?? made;
    }

    public async Task<Outcome<ReconciliationView>> Run(Caller caller, string key, ReconciliationRequest asked, CancellationToken stop)
    {
        var fingerprint = LedgerDesk.Fingerprint("reconciliation", asked.Method, Canonical(asked.From), Canonical(asked.Until));
        if (await store.FindByKey(key, stop) is { } first) return Replay(first, fingerprint);

        var now = clock.GetUtcNow();
        var until = asked.Until ?? now - Settling;
        if (until < Earliest) return Problems.Invalid("until", "until must be after 1999.");
        var from = asked.From ?? until - SpanDefault;
        if (until > now) return Problems.Invalid("until", "until must not be in the future.");
        if (from >= until) return Problems.Invalid("from", "from must be before until.");
        if (until - from > SpanMax) return Problems.Invalid("from", $"from must be at most {SpanMax.Days} days before until.", SpanMax.Days);
        var methods = await MethodsOf(asked.Method, stop);
        if (methods.Problem is { } problem) return problem;

        var made = await Compare(methods.Value, from, until, caller.Actor, stop);
        // Of two that came with one key at once, both repaired, which is done once, and one is kept.
        if (await store.Save(made, key, fingerprint, Instant.From(made.EndedAt), stop) is { } saved) return saved;
        return Replay((await store.FindByKey(key, stop))!, fingerprint);
    }

    private static Outcome<ReconciliationView> Replay(StoredReconciliation first, long fingerprint) => first.Fingerprint == fingerprint
        ? first.Report with { Replayed = true }
        : LedgerProblems.Of(LedgerRefusal.KeyReused, 0, null);

    private async Task<Outcome<List<IPaymentProvider>>> MethodsOf(string? method, CancellationToken stop)
    {
        if (method is null) return await Ready(stop);
        if (providers.FirstOrDefault(known => known.Method == method) is not { } provider)
        {
            return Problems.Of(400, ProblemCodes.MethodUnknown,
                $"method must be one of {string.Join(", ", providers.Select(known => known.Method))}.", "method");
        }
        if (await provider.Missing(stop) is { } missing) return Problems.Of(409, ProblemCodes.MethodNotOffered, missing, "method");
        return new List<IPaymentProvider> { provider };
    }

    private async Task<ReconciliationView> Compare(
        List<IPaymentProvider> methods, DateTimeOffset from, DateTimeOffset until, string actor, CancellationToken stop)
    {
        var startedAt = clock.GetUtcNow();
        var compared = new List<ReconciledMethod>();
        foreach (var provider in methods) compared.Add(await Compare(provider, from, until, stop));
        return new ReconciliationView
        {
            Id = Guid.CreateVersion7(startedAt).ToString(), From = from, Until = until, StartedAt = startedAt, EndedAt = clock.GetUtcNow(),
            Actor = actor, Methods = compared,
        };
    }

    private async Task<ReconciledMethod> Compare(IPaymentProvider provider, DateTimeOffset from, DateTimeOffset until, CancellationToken stop)
    {
        var listed = await provider.List(from, until, stop);
        if (listed.Failure is { } failure) return Report(provider, new Tally(), Sentence(failure));

        var rows = await RowsOf(provider.Method, listed.Value, Instant.From(from), Instant.From(until), stop);
        var result = Comparison.Of(listed.Value, rows.Values.Select(row => row.Purchase));
        var tally = new Tally { Listed = listed.Value.Count, Matched = result.Matched, Foreign = result.Foreign };
        foreach (var finding in result.Findings)
        {
            if (!rows.TryGetValue(finding.Order, out var row)) tally.Add(ReconciliationViews.OfNobody(finding));
            else if (await Repair(provider, row, finding, tally, stop) is { } broken) return Report(provider, tally, broken);
        }
        return Report(provider, tally, null);
    }

    /// <summary>Settles the purchase, and compares it again with what the provider says of it. Returns why that could not be done.</summary>
    private async Task<string?> Repair(IPaymentProvider provider, PurchaseRow row, Finding finding, Tally tally, CancellationToken stop)
    {
        var settled = await settle.Run(row.Id, finding.Payments.FirstOrDefault()?.Id ?? row.Purchase.Payments.Split(' ')[0], Source, stop);
        if (settled.Problem is { Status: 429 or >= 500 } broken) return broken.Detail;
        if (settled.Problem is { } refused)
        {
            tally.Add(ReconciliationViews.Of(finding, row, repaired: false, refused.Detail));
            return null;
        }
        var after = settled.Value;
        var truth = await provider.Fetch(after, finding.Payments.FirstOrDefault()?.Id ?? "", stop);
        if (truth.Failure is { Kind: ProviderFailureKind.Unavailable } lost) return Sentence(lost);
        var payments = Newest(finding, truth.Failure is null ? truth.Value : PaymentTruth.Open, clock.GetUtcNow());
        var left = Comparison.Judge(after.Purchase, payments);
        if (left is { } kind)
            tally.Add(ReconciliationViews.Of(finding with { Kind = kind, Payments = payments }, after, repaired: false, ReconciliationViews.LeftOf(kind, after.Purchase)));
        else if (after.Version != row.Version)
            tally.Add(ReconciliationViews.Of(finding with { Payments = payments }, after, repaired: true, left: null));
        else
            tally.Matched += finding.Payments.Length;
        return null;
    }

    /// <summary>What the provider says of the order itself, and what only its list shows.</summary>
    private static ImmutableArray<ListedPayment> Newest(Finding finding, PaymentTruth truth, DateTimeOffset now) =>
    [
        .. truth.Payments
            .Select(payment => ListedPayment.Of(payment, finding.Order, finding.Payments.FirstOrDefault(listed => listed.Id == payment.Id)?.At ?? now))
            .Concat(finding.Payments).DistinctBy(payment => payment.Id),
    ];

    /// <summary>The purchases that the listed payments name, and those that were paid in the span, by order.</summary>
    private async Task<Dictionary<string, PurchaseRow>> RowsOf(
        string method, List<ListedPayment> listed, Instant from, Instant until, CancellationToken stop)
    {
        var orders = listed.Select(payment => payment.Order).Where(order => order.Length > 0).Distinct().ToList();
        var rows = (await purchases.PaidBetween(method, from, until, stop)).ToDictionary(row => row.Purchase.Order, StringComparer.Ordinal);
        foreach (var row in await purchases.FindAll(method, orders, stop)) rows[row.Purchase.Order] = row;
        return rows;
    }

    private ReconciledMethod Report(IPaymentProvider provider, Tally tally, string? failure)
    {
        if (failure is not null) log.LogWarning("The comparison with {Method} was not done to its end: {Failure}", provider.Method, failure);
        if (tally.Orphans > 0) log.LogError("{Method} and the purchases differ in {Orphans} cases that a person must look at", provider.Method, tally.Orphans);
        return new ReconciledMethod
        {
            Method = provider.Method, Listed = tally.Listed, Matched = tally.Matched, Foreign = tally.Foreign, Repaired = tally.Repaired,
            Orphans = tally.Orphans, Findings = [.. tally.Findings.OrderBy(finding => finding.Repaired).Take(FindingsMax)], Failure = failure,
        };
    }

    private static string Sentence(ProviderFailure failure) => $"{failure.Message} ({failure.Code})";

    private static string? Canonical(DateTimeOffset? time) => time is { } given ? Instant.From(given).UnixMs.ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>The counts of one method while it is compared.</summary>
    private sealed class Tally
    {
        public int Listed { get; init; }
        public int Matched { get; set; }
        public int Foreign { get; init; }
        public List<FindingView> Findings { get; } = [];
        public int Repaired => Findings.Count(finding => finding.Repaired);
        public int Orphans => Findings.Count - Repaired;

        public void Add(FindingView finding) => Findings.Add(finding);
    }
}
