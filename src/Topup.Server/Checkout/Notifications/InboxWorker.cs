using System.Collections.Concurrent;
using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Checkout.Providers;

namespace Topup.Server.Checkout.Notifications;

/// <summary>
/// Works off the notifications that wait: finds the purchase each is about and has it settled. One that cannot be worked
/// off now, as when it came before its purchase was written, is tried again for a day.
/// </summary>
internal sealed class InboxWorker(
    InboxStore inbox, CheckoutStore store, SettlePurchase settle, IEnumerable<INotifier> notifiers, TimeProvider clock, ILogger<InboxWorker> log)
    : BackgroundService
{
    private const int AtOnce = 100;
    private const int SideBySide = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TryFor = TimeSpan.FromDays(1);
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(90);
    private const long PauseMaxSeconds = 30 * 60;

    private readonly SemaphoreSlim news = new(0, 1);

    /// <summary>Says that a notification was stored, so that it need not wait for the clock.</summary>
    public void Nudge()
    {
        if (news.CurrentCount > 0) return;
        try
        {
            news.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else has said so already.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await Run(stoppingToken) == AtOnce) { }
                await inbox.Purge(Instant.From(clock.GetUtcNow()).Plus(-KeepFor), stoppingToken);
                await news.WaitAsync(Patience, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed)
            {
                log.LogWarning(failed, "Notifications could not be worked off; they are tried again");
                await Task.Delay(Patience, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Works off what is due now, and says how many that were.</summary>
    public async Task<int> Run(CancellationToken stop)
    {
        var due = await inbox.Due(Instant.From(clock.GetUtcNow()), AtOnce, stop);
        // A provider that does not answer is asked no more in this run, so that it does not keep the notifications of others waiting.
        var silent = new ConcurrentDictionary<string, string>();
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = stop }, async (row, within) =>
        {
            try
            {
                if (silent.TryGetValue(row.Method, out var code)) await Later(row, null, code, within);
                else if (await Run(row, within) is { } lost) silent.TryAdd(row.Method, lost);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                log.LogError(failed, "Notification {Id} of {Method} could not be worked off", row.Id, row.Method);
                await Later(row, null, "failed", within);
            }
        });
        return due.Count;
    }

    public override void Dispose()
    {
        news.Dispose();
        base.Dispose();
    }

    /// <returns>A code when the provider gave no answer; else null.</returns>
    private async Task<string?> Run(InboxRow row, CancellationToken stop)
    {
        if (notifiers.FirstOrDefault(known => known.Method == row.Method) is not { } notifier)
        {
            await Done(row, InboxStatus.Ignored, null, "the method is gone", stop);
            return null;
        }
        var subject = await notifier.SubjectOf(row.Notification, stop);
        if (subject.Failure is { Kind: ProviderFailureKind.Unavailable } lost)
        {
            await Later(row, null, lost.Code, stop);
            return lost.Code;
        }
        if (subject.Failure is { } refused) await Done(row, InboxStatus.Ignored, null, refused.Code, stop);
        else if (subject.Value.IsNothing) await Done(row, InboxStatus.Ignored, null, "", stop);
        else if (await store.Find(row.Method, subject.Value, stop) is not { } purchase) await Later(row, null, "no purchase of ours", stop);
        else return await Settle(row, purchase, subject.Value, stop);
        return null;
    }

    private async Task<string?> Settle(InboxRow row, PurchaseRow purchase, NotificationSubject subject, CancellationToken stop)
    {
        var settled = await settle.Run(purchase.Id, subject.Payment, "webhook", stop);
        if (settled.Problem is { } problem) await Later(row, purchase.Id, problem.Code, stop);
        else await Done(row, InboxStatus.Done, purchase.Id, "", stop);
        return settled.Problem is { Code: ProblemCodes.ProviderUnavailable } lost ? lost.Code : null;
    }

    private Task Done(InboxRow row, InboxStatus status, PurchaseId? purchase, string note, CancellationToken stop) =>
        inbox.Save(row, status, Instant.Never, purchase, note, stop);

    private Task Later(InboxRow row, PurchaseId? purchase, string note, CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        if (now > new Instant(row.ReceivedAt).Plus(TryFor)) return Done(row, InboxStatus.GivenUp, purchase, note, stop);
        var pause = TimeSpan.FromSeconds(Math.Min(1L << (int)Math.Min(row.Tries, 12), PauseMaxSeconds));
        return inbox.Save(row, InboxStatus.Waiting, now.Plus(pause), purchase, note, stop);
    }
}
