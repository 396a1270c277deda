using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Imports;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Imports;

/// <summary>
/// <c>POST /v1/imports</c>: checks a whole file, and keeps its rows for <see cref="ImportWorker"/> if nothing is wrong with it. Before
/// that nothing of it is done.
/// </summary>
internal sealed class StartImport(ImportStore store, CatalogCache catalogs, TimeProvider clock)
{
    private const string ContentType = "text/csv";
    private const int ReadAtOnce = 64 * 1024;

    public async Task<IResult> Handle(HttpContext context, string? kind, string? dryRun)
    {
        var caller = context.Caller();
        if (ImportProblems.OfOneTenant(caller) is { } ofOne) return ofOne.AsResult();
        if (ImportKinds.Of(kind) is not { } known) return ImportProblems.KindUnknown().AsResult();
        if (dryRun is not (null or "true" or "false")) return Problems.Invalid("dry_run", "dry_run must be true or false.").AsResult();
        var isDry = dryRun == "true";
        var (author, key) = (Author.Of(context), isDry ? "" : IdempotencyKey.Read(context));
        if ((ImportProblems.NotAllowed(caller, known) ?? author.Problem ?? key.Problem) is { } problem) return problem.AsResult();
        if (!IsCsv(context.Request.ContentType)) return ImportProblems.NotCsv().AsResult();
        var csv = await Read(context.Request.Body, context.Request.ContentLength, context.RequestAborted);
        if (csv.Problem is { } unread) return unread.AsResult();
        return Reply.Of(isDry
            ? await Check(known, csv.Value, context.RequestAborted)
            : await Run(caller, known, key.Value, csv.Value, isConfirmed: true, author.Value, context.RequestAborted), Json.Wire.ImportReply);
    }

    /// <summary>A file in memory, once. The problem: it is too large.</summary>
    /// <param name="length">As whoever sent it says; null: nobody says.</param>
    public static async Task<Outcome<ReadOnlyMemory<byte>>> Read(Stream from, long? length, CancellationToken stop)
    {
        if (length > ImportLimits.BytesMax) return ImportProblems.TooLarge();
        var bytes = new byte[(int)(length ?? ReadAtOnce) + 1];
        var count = 0;
        while (true)
        {
            var read = await from.ReadAsync(bytes.AsMemory(count), stop);
            if (read == 0) return (ReadOnlyMemory<byte>)bytes.AsMemory(0, count);
            count += read;
            if (count > ImportLimits.BytesMax) return ImportProblems.TooLarge();
            if (count == bytes.Length) Array.Resize(ref bytes, Math.Min(bytes.Length * 2, ImportLimits.BytesMax + 1));
        }
    }

    /// <summary>Says what is wrong with a file.</summary>
    public async Task<Outcome<ImportReply>> Check(ImportKind kind, ReadOnlyMemory<byte> csv, CancellationToken stop) =>
        ReplyOf(ImportFile.Read(kind, csv, await catalogs.Refresh(stop)), kind, null);

    /// <param name="isConfirmed">False: somebody looks at it first, and says yes with <see cref="Confirm"/>.</param>
    public async Task<Outcome<ImportReply>> Run(
        Caller caller, ImportKind kind, string key, ReadOnlyMemory<byte> csv, bool isConfirmed, Author author, CancellationToken stop)
    {
        if ((ImportProblems.OfOneTenant(caller) ?? ImportProblems.NotAllowed(caller, kind)) is { } forbidden) return forbidden;
        var fingerprint = FingerprintOf(kind, csv.Span);
        if (await store.FindByKey(key, stop) is { } first) return Replay(first, fingerprint);

        var file = ImportFile.Read(kind, csv, await catalogs.Refresh(stop));
        if (file.ErrorsFound > 0) return ImportProblems.Invalid(file);
        var now = Instant.From(clock.GetUtcNow());
        var import = new ImportRecord(Guid.CreateVersion7(now.ToDateTimeOffset()).ToString(), kind,
            new ImportProgress(isConfirmed ? ImportStatus.Waiting : ImportStatus.Checked, file.Rows.Count, 0, 0), key, fingerprint, file.Totals, file.IsLarge,
            caller.KeyId, now, Instant.Always, Instant.Always, IsForgotten: false);
        var isKept = await store.Insert(import, file.Rows,
            (connection, transaction) => isConfirmed ? Tell(connection, transaction, import, author, now) : Task.CompletedTask, stop);
        if (isKept) return ReplyOf(file, kind, import.View());
        return await store.FindByKey(key, stop) is { } other ? Replay(other, fingerprint) : ImportProblems.TooMany();
    }

    /// <summary>Somebody has looked at what a file would do, and says yes. To say it twice is to say it once.</summary>
    public async Task<Outcome<ImportView>> Confirm(Caller caller, string id, Author author, CancellationToken stop)
    {
        if (await store.Find(id, stop) is not { } found || ImportProblems.OfOneTenant(caller) is not null) return ImportProblems.Unknown();
        if (ImportProblems.NotAllowed(caller, found.Kind) is { } forbidden) return forbidden;
        var now = Instant.From(clock.GetUtcNow());
        if (await store.Move(id, progress => progress.Start(), now, (connection, transaction, import) => Tell(connection, transaction, import, author, now), stop)
            is not var (import, moved)) return ImportProblems.Unknown();
        return moved || import.Progress.Start() is not null ? import.View() : ImportProblems.Over();
    }

    private static Task Tell(DbConnection connection, DbTransaction transaction, ImportRecord import, Author author, Instant now) =>
        Audit.Add(connection, transaction, author, now, "import.started", import.Id, "", null, Words(import));

    /// <summary>An import for the audit.</summary>
    public static string Words(ImportRecord import)
    {
        var totals = new JsonObject();
        foreach (var (type, amount) in import.Totals) totals[type] = amount;
        return new JsonObject
        {
            ["kind"] = ImportKinds.NameOf(import.Kind), ["rows"] = import.Progress.Rows, ["done"] = import.Progress.Done, ["failed"] = import.Progress.Failed,
            ["totals"] = totals,
        }.ToJsonString();
    }

    private static Outcome<ImportReply> Replay(ImportRecord first, long fingerprint) => first.Fingerprint != fingerprint
        ? LedgerProblems.Of(LedgerRefusal.KeyReused, 0, null)
        : new ImportReply
        {
            Import = first.View(), Kind = ImportKinds.NameOf(first.Kind), Rows = (int)first.Progress.Rows, Totals = first.Totals, Errors = [], ErrorsFound = 0,
            Replayed = true,
        };

    private static ImportReply ReplyOf(ImportFile file, ImportKind kind, ImportView? import) => new()
    {
        Import = import, Kind = ImportKinds.NameOf(kind), Rows = file.Rows.Count, Totals = file.Totals, Errors = file.Errors, ErrorsFound = file.ErrorsFound,
    };

    private static long FingerprintOf(ImportKind kind, ReadOnlySpan<byte> csv)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([(byte)kind]);
        hash.AppendData(csv);
        return BinaryPrimitives.ReadInt64BigEndian(hash.GetHashAndReset());
    }

    private static bool IsCsv(string? contentType) =>
        contentType is not null && contentType.AsSpan()[..(contentType.IndexOf(';', StringComparison.Ordinal) is var end and >= 0 ? end : contentType.Length)].Trim()
            .Equals(ContentType, StringComparison.OrdinalIgnoreCase);
}
