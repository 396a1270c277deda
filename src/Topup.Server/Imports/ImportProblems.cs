using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Imports;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Imports;

internal static class ImportProblems
{
    public static Problem Unknown() => Problems.Of(404, ProblemCodes.ImportUnknown, "There is no import of this id.");

    public static Problem Over() => Problems.Of(409, ProblemCodes.ImportOver, "The import is over; there is nothing left to start or to cancel.");

    public static Problem TooMany() => Problems.Of(409, ProblemCodes.TooManyImports,
        $"{ImportLimits.OpenMax} imports are not over yet. Wait until one is done, or cancel one.", limit: ImportLimits.OpenMax);

    public static Problem KindUnknown() => Problems.Invalid("kind", "kind must be tenants or grants.");

    public static Problem TooLarge() => Problems.Of(StatusCodes.Status413PayloadTooLarge, ProblemCodes.BodyTooLarge,
        $"The file is larger than {ImportLimits.BytesMax} bytes.", "file", ImportLimits.BytesMax);

    public static Problem NotCsv() => Problems.Of(StatusCodes.Status415UnsupportedMediaType, ProblemCodes.UnsupportedMediaType,
        "The body must be CSV, with the header Content-Type: text/csv.", "Content-Type");

    /// <summary>Names the first error in its sentence, and has all that are told as <c>errors</c>.</summary>
    public static Problem Invalid(ImportFile file)
    {
        var first = file.Errors[0];
        var place = first.Column is { } column ? $"Line {first.Line}, column {column}" : $"Line {first.Line}";
        var others = file.ErrorsFound > 1 ? $" {file.ErrorsFound} errors in all; nothing was imported." : " Nothing was imported.";
        return Problems.Of(400, ProblemCodes.ImportInvalid, $"{place}: {first.Detail}{others}", first.Column)
            .With("errors", JsonSerializer.SerializeToElement(file.Errors, Json.Wire.IReadOnlyListImportError));
    }

    /// <summary>An import is about all tenants, so a key of one starts none and sees none.</summary>
    public static Problem? OfOneTenant(Caller caller) => caller.TenantId is null
        ? null
        : Problems.Of(StatusCodes.Status403Forbidden, ProblemCodes.Forbidden, "This API key is bound to one tenant, and an import is about all of them.");

    /// <summary>Whoever may not do what a row does may not start or cancel a file of them.</summary>
    public static Problem? NotAllowed(Caller caller, ImportKind kind) => caller.May(ScopeOf(kind)) ? null : ApiKeyAuth.Forbidden(ScopeOf(kind));

    public static Scope ScopeOf(ImportKind kind) => kind switch
    {
        ImportKind.Tenants => Scope.Tenants,
        ImportKind.Grants => Scope.Grant,
    };
}
