using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Http;

namespace Topup.Server.Tenancy.Operators;

internal static class OperatorProblems
{
    public static Problem Unknown() => Problems.Of(404, ProblemCodes.StaffUnknown, "There is nobody with this id among the staff.", "id");

    public static Problem Exists() => Problems.Of(409, ProblemCodes.StaffExists, "Somebody with this e-mail address is among the staff already.", "email");

    public static Problem LastOwner() => Problems.Of(409, ProblemCodes.LastOwner,
        "This is the last owner who can sign in. Make somebody else an owner first.", "role");

    public static Problem Disabled() => Problems.Of(409, ProblemCodes.StaffDisabled, "They are disabled, so a link would lead nowhere. Enable them first.");

    public static Problem TooMany(int max) => Problems.Of(409, ProblemCodes.TooManyStaff, $"There may be {max} among the staff.", limit: max);

    /// <summary>The same for a link that was used, that is over, and that there never was.</summary>
    public static Problem LinkGone() => Problems.Of(410, ProblemCodes.LinkGone, "This link was used already, or its time is over. Ask for another one.");

    public static Problem ConfirmationRequired() => Problems.Of(403, ProblemCodes.ConfirmationRequired,
        $"Give your password or a code again: this is done within {Confirmation.FreshFor.TotalMinutes} minutes of that.");

    public static Problem TooManyAttempts(int seconds) => Problems.Of(429, ProblemCodes.TooManyAttempts,
        $"This was tried too often. Try again in {seconds} seconds.", limit: seconds);

    /// <summary>Nobody makes or changes somebody who may do more than they may themselves.</summary>
    public static Problem? Reach(Caller caller, OperatorRole role) => caller.May(OperatorRoles.ScopesOf(role))
        ? null
        : ApiKeyAuth.Forbidden(OperatorRoles.ScopesOf(role) & ~caller.Scopes) with { Field = "role" };

    /// <summary>The staff is the operator's: a key that is bound to one tenant does not see it.</summary>
    public static Problem? OfOneTenant(Caller caller) => caller.TenantId is null
        ? null
        : Problems.Of(403, ProblemCodes.Forbidden, "This API key is bound to one tenant, and the staff is the operator's.");
}
