using System.Data.Common;
using Topup.Contracts;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy;

/// <summary>What a caller is told when the storage fails. Tenancy is the lowest floor that sees both it and HTTP.</summary>
internal static class StorageFailure
{
    public static Problem? Of(Exception failure) => failure switch
    {
        LaneException lane => Of(lane.Failure),
        DbException { IsTransient: true } => Of(LaneFailure.Unavailable),
        _ => null,
    };

    public static Problem? Of(LaneFailure failure) => failure switch
    {
        // The SQL itself is wrong: a bug, and told as one.
        LaneFailure.RolledBack => null,
        LaneFailure.StorageFull => Unavailable(ProblemCodes.StorageFull,
            "The disk of the database is full. Nothing was changed. Try again later."),
        LaneFailure.OutcomeUnknown => Unavailable(ProblemCodes.OutcomeUnknown,
            "The database failed while it saved the change, which may or may not have happened. Send the same request again."),
        LaneFailure.Unavailable => Unavailable(ProblemCodes.StorageUnavailable,
            "The database cannot be reached. Nothing was changed. Send the same request again."),
    };

    private static Problem Unavailable(string code, string detail) =>
        Problems.Of(StatusCodes.Status503ServiceUnavailable, code, detail);
}
