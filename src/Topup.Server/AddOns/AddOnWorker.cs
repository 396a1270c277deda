using System.Globalization;
using Topup.Domain;
using Topup.Domain.AddOns;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Server.Catalog.Settings;
using Topup.Server.Checkout;
using Topup.Server.Ledger;

namespace Topup.Server.AddOns;

/// <summary>
/// Renews what is due, cycle by cycle, and goes on with what waits for credits. It depends on no event that could be lost:
/// one that waits is looked at whenever its pool, its tenant or its purchase is not as it was last seen.
/// </summary>
internal sealed class AddOnWorker(
    AddOnStore store, LedgerLanes lanes, OperatorSettings settings, AddOnOptions options, TimeProvider clock, TimeZoneInfo zone, ILogger<AddOnWorker> log)
    : BackgroundService
{
    public const string Source = "addons";

    private const int AtOnce = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Run(stoppingToken);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                log.LogWarning(failed, "Add-ons could not be renewed; they are tried again in {Seconds} s", options.Every.TotalSeconds);
            }
        }
    }

    /// <summary>Does all there is to do now, and says how many changes that were.</summary>
    public async Task<int> Run(CancellationToken stop)
    {
        var graceDays = await settings.GraceDays(stop);
        return await RunDue(graceDays, stop) + await RunMoved(graceDays, stop);
    }

    /// <summary>What is charged may be due again, for the next cycle; so it goes on until nothing is. What fails waits for the next time.</summary>
    private async Task<int> RunDue(int graceDays, CancellationToken stop)
    {
        var changed = 0;
        while (true)
        {
            var due = await store.Due(Instant.From(clock.GetUtcNow()), AtOnce, stop);
            var now = await Change(due, graceDays);
            changed += now;
            if (due.Count == 0 || now == 0) return changed;
        }
    }

    private async Task<int> RunMoved(int graceDays, CancellationToken stop)
    {
        var changed = 0;
        AddOnRow? last = null;
        while (true)
        {
            var moved = await store.Moved(last, AtOnce, stop);
            changed += await Change(moved, graceDays);
            if (moved.Count < AtOnce) return changed;
            last = moved[^1].Row;
        }
    }

    private async Task<int> Change(List<AddOnToLookAt> some, int graceDays)
    {
        var changes = some.Select(one => ChangeOf(one, graceDays)).ToList();
        await Task.WhenAll(changes.Select(lanes.Submit).OfType<Task<LedgerOutcome>>());
        return changes.Count(change => change.Result is not null);
    }

    /// <summary>Its key belongs to this state of the row, so that even a second server that saw the same cannot charge it again.</summary>
    private AddOnChange ChangeOf(AddOnToLookAt one, int graceDays)
    {
        var state = one.Row.AddOn;
        // No caller can send the first letter.
        var key = string.Create(CultureInfo.InvariantCulture, $"§addon:{state.Code}:{one.Row.Version + 1}");
        var note = new Note(key, 0, Source);
        return new AddOnChange(one.Row, note, zone, (addOn, at, _) => state.Status == AddOnStatus.Waiting
            ? Enabling.Continue(state, addOn, at, StandingOf(one.Purchase), note)
            : Renewal.Decide(state, addOn, at, graceDays, note))
        {
            Seen = one.Now,
            Cause = StandingOf(one.Purchase) == PurchaseStanding.Over && state.Status == AddOnStatus.Waiting
                ? "purchase_" + CheckoutNews.NameOf(one.Purchase)
                : "not_offered",
        };
    }

    private static PurchaseStanding StandingOf(PurchaseStatus status) => status switch
    {
        PurchaseStatus.Created or PurchaseStatus.Pending or PurchaseStatus.Processing or PurchaseStatus.Paid
            or PurchaseStatus.NeedsReview => PurchaseStanding.Open,
        PurchaseStatus.Credited or PurchaseStatus.PartlyRefunded or PurchaseStatus.Disputed or PurchaseStatus.DisputeWon => PurchaseStanding.Credited,
        PurchaseStatus.Failed or PurchaseStatus.Expired or PurchaseStatus.Canceled or PurchaseStatus.Refunded
            or PurchaseStatus.DisputeLost => PurchaseStanding.Over,
    };
}

/// <param name="Every">How often it is looked whether add-ons are due.</param>
internal sealed record AddOnOptions(TimeSpan Every)
{
    private const int SecondsDefault = 2;
    private const int SecondsMax = 86_400;

    /// <exception cref="InvalidOperationException">The setting is wrong; the message says how.</exception>
    public static AddOnOptions From(IConfiguration settings)
    {
        if (settings["Topup:AddOnEverySeconds"] is not { Length: > 0 } text) return new AddOnOptions(TimeSpan.FromSeconds(SecondsDefault));
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= SecondsMax)
            return new AddOnOptions(TimeSpan.FromSeconds(seconds));
        throw new InvalidOperationException($"Topup__AddOnEverySeconds must be a whole number from 1 to {SecondsMax}, not '{text}'.");
    }
}
