using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Automation.Webhooks;
using Topup.Server.Checkout;
using Topup.Server.Checkout.Reconciliations;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Storage;

namespace Topup.Server.Web.Admin.Health;

/// <summary>Whether the server keeps what it promises, and keeps up.</summary>
internal sealed class HealthFigures(
    VerifyLedger verify, Outbox outbox, ReadOutlook outlook, ListReconciliations reconciliations, ReadWebhookEndpoints webhooks, Database database, BackupFolder backups,
    TimeProvider clock)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public async Task<HealthNow> Run(CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        var asked = clock.GetTimestamp();
        await database.Ping(stop);
        return new HealthNow
        {
            Answered = clock.GetElapsedTime(asked),
            IsPostgres = database.Dialect == Dialect.Postgres,
            Backup = backups.Look(),
            Verified = await verify.Last(stop),
            EventsWait = await outbox.WaitsSince(stop) is { } since ? now.ToDateTimeOffset() - since.ToDateTimeOffset() : TimeSpan.Zero,
            Checkout = await outlook.Run(now.Plus(-Day), stop),
            Reconciled = (await reconciliations.Run(new Paging(1, ""), stop)).Data is [var last, ..] ? last : null,
            Webhooks = await webhooks.Counts(now.Plus(-Day), stop),
        };
    }
}

internal sealed record HealthNow
{
    /// <summary>How long the database took to answer.</summary>
    public required TimeSpan Answered { get; init; }
    public required bool IsPostgres { get; init; }
    public required BackupState Backup { get; init; }
    public required VerifyReply? Verified { get; init; }

    /// <summary>How long the first event that cannot be read yet waits.</summary>
    public required TimeSpan EventsWait { get; init; }
    public required CheckoutOutlook Checkout { get; init; }
    public required ReconciliationView? Reconciled { get; init; }

    /// <summary>Of the last day.</summary>
    public required DeliveryCounts Webhooks { get; init; }
}
