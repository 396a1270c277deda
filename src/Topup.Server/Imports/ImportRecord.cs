using System.Text.Json.Serialization;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Imports;
using Topup.Server.Tenancy;

namespace Topup.Server.Imports;

/// <summary>An import as it is stored.</summary>
/// <param name="Fingerprint">Of kind and file: whoever sends the same again may be told.</param>
/// <param name="IsLarge">See <see cref="ImportFile.IsLarge"/>.</param>
/// <param name="KeyId">Of the caller who started it.</param>
internal sealed record ImportRecord(
    string Id, ImportKind Kind, ImportProgress Progress, string Key, long Fingerprint, Dictionary<string, decimal> Totals, bool IsLarge, string KeyId,
    Instant CreatedAt, Instant StartedAt, Instant EndedAt, bool IsForgotten)
{
    public ImportView View() => new()
    {
        Id = Id, Kind = ImportKinds.NameOf(Kind), Status = StatusName(Progress.Status), Rows = Progress.Rows, Done = Progress.Done, Failed = Progress.Failed,
        Percent = Progress.Percent, Totals = Totals, Actor = Caller.ActorOf(KeyId), CreatedAt = CreatedAt.ToDateTimeOffset(), StartedAt = TimeOrNull(StartedAt),
        EndedAt = TimeOrNull(EndedAt), KeptUntil = EndedAt == Instant.Always ? null : EndedAt.Plus(ImportLimits.KeepFor).ToDateTimeOffset(),
    };

    private static DateTimeOffset? TimeOrNull(Instant at) => at == Instant.Always ? null : at.ToDateTimeOffset();

    private static string StatusName(ImportStatus status) => status switch
    {
        ImportStatus.Checked => "checked",
        ImportStatus.Waiting => "waiting",
        ImportStatus.Running => "running",
        ImportStatus.Done => "done",
        ImportStatus.Canceled => "canceled",
    };
}

/// <summary>Some rows of an import that one server has for a while.</summary>
internal sealed record ImportPart(string Import, ImportKind Kind, string KeyId, long Number, string Lease, List<ImportRow> Rows);

/// <summary>A row that was not done, and why.</summary>
internal sealed record ImportFailure(int Line, string[] Cells, string Code, string Problem);

[JsonSerializable(typeof(List<ImportRow>))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, decimal>))]
internal sealed partial class ImportJson : JsonSerializerContext;
