using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Imports;
using Topup.Domain.Tenancy;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Imports;

/// <summary>
/// Does the rows of imports, some at a time. Of several servers one has a part. A server that ends before it has written what
/// came of a part leaves it to be done again: a tenant is saved as it is already, and a grant has one effect for its line.
/// </summary>
internal sealed class ImportWorker(
    ImportStore store, SaveTenant tenants, GrantCredits grants, ImportOptions options, TimeProvider clock, ILogger<ImportWorker> log) : BackgroundService
{
    /// <summary>Keys that begin so no request can name.</summary>
    private const string KeyPrefix = "§import~";

    /// <summary>Longer than a part takes: rows that could not be done are tried again for the patience, and one try is over in five seconds.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PurgeEvery = TimeSpan.FromHours(1);

    private Instant purgedAt = Instant.Always;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Every);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await Run(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // What was begun has ended: nothing below is broken off in the middle of a part.
            }
            catch (Exception failed)
            {
                log.LogWarning(failed, "Imports could not go on; they are looked at again in {Seconds} s", options.Every.TotalSeconds);
            }
        }
    }

    /// <summary>Does all that is due now.</summary>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && await RunPart(stop)) { }
        if (Now < purgedAt.Plus(PurgeEvery)) return;
        await store.Purge(Now, stop);
        purgedAt = Now;
    }

    /// <summary>Does the next part, and says whether there was one.</summary>
    public async Task<bool> RunPart(CancellationToken stop)
    {
        if (await store.Claim(Now, Lease, stop) is not { } part) return false;
        List<ImportFailure>? failures = null;
        try
        {
            failures = part.Kind == ImportKind.Tenants ? await SaveTenants(part) : await GiveAll(part);
        }
        catch (Exception failed)
        {
            // The kind of failure alone: its words may name people.
            log.LogWarning("Rows of import {Import} could not be done and are tried again: {Failure}", part.Import, failed.GetType().Name);
        }
        // Once it is done that is written, whoever wants us to end.
        if (failures is null) await store.Release(part, Now.Plus(Rest), CancellationToken.None);
        else await store.Complete(part, failures, Now, CancellationToken.None);
        return true;
    }

    private async Task<List<ImportFailure>> SaveTenants(ImportPart part)
    {
        var asked = part.Rows.ConvertAll(row => ImportRequests.Tenant(row.Cells).Value);
        var problems = await tenants.RunAll(asked, new Author(Caller.ActorOf(part.KeyId), "import " + part.Import), CancellationToken.None);
        return [.. part.Rows.Zip(problems).Where(pair => pair.Second is not null).Select(pair => FailureOf(pair.First, pair.Second!))];
    }

    /// <summary>All at once, so that they share the transactions of their lanes. Null: some could not be decided now.</summary>
    private async Task<List<ImportFailure>?> GiveAll(ImportPart part)
    {
        var caller = new Caller(part.KeyId, "import", Scope.Grant, null);
        var started = TimeProvider.System.GetTimestamp();
        var problems = await Task.WhenAll(part.Rows.Select(row => Give(part, row, caller, started)));
        return problems.Any(problem => problem is not null && IsForLater(problem))
            ? null
            : [.. part.Rows.Zip(problems).Where(pair => pair.Second is not null).Select(pair => FailureOf(pair.First, pair.Second!))];
    }

    private async Task<Problem?> Give(ImportPart part, ImportRow row, Caller caller, long started)
    {
        var asked = ImportRequests.Grant(row.Cells).Value;
        while (true)
        {
            var problem = (await grants.Run(caller, $"{KeyPrefix}{part.Import}~{row.Line}", asked)).Problem;
            if (problem is null || !IsForLater(problem) || TimeProvider.System.GetElapsedTime(started) > Patience) return problem;
            await Task.Delay(Breath);
        }
    }

    private static bool IsForLater(Problem problem) => problem.Status is StatusCodes.Status429TooManyRequests or >= StatusCodes.Status500InternalServerError;

    private static ImportFailure FailureOf(ImportRow row, Problem problem) => new(row.Line, row.Cells, problem.Code, problem.Detail);

    private Instant Now => Instant.From(clock.GetUtcNow());
}

/// <param name="Every">How often it is looked whether an import waits.</param>
internal sealed record ImportOptions(TimeSpan Every)
{
    private const int SecondsMax = 86_400;

    /// <exception cref="InvalidOperationException">A setting is wrong; the message says which and how.</exception>
    public static ImportOptions From(IConfiguration settings)
    {
        var text = settings["Topup:ImportEverySeconds"];
        if (string.IsNullOrEmpty(text)) return new ImportOptions(TimeSpan.FromSeconds(1));
        return int.TryParse(text, out var seconds) && seconds is >= 1 and <= SecondsMax
            ? new ImportOptions(TimeSpan.FromSeconds(seconds))
            : throw new InvalidOperationException($"Topup__ImportEverySeconds must be a whole number from 1 to {SecondsMax}, not '{text}'.");
    }
}
