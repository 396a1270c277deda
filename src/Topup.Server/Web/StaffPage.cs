using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;
using Topup.Server.Tenancy.Operators;

namespace Topup.Server.Web;

/// <summary>A page of the operator's panel.</summary>
public abstract class StaffPage : PageBase
{
    /// <summary>The names of buttons that switch something on or off, and of nothing else.</summary>
    protected const string SwitchOn = "on";
    protected const string SwitchOff = "off";

    internal OperatorSession Session => Context.Features.Get<OperatorSession>() ?? throw new InvalidOperationException("The page names no scope of staff.");

    internal Caller Caller => Session.Caller;

    internal bool May(Scope scope) => Caller.May(scope);

    /// <summary>Who makes a change; why, where the form asks for it.</summary>
    internal Author By(string reason = "") => Author.Of(Caller, reason);

    /// <summary>
    /// Runs what a form asks for, if the role may do it. Support reads every page, so each form asks for itself.
    /// </summary>
    /// <returns>Whether it was done; else <see cref="PageBase.Problem"/> says why not.</returns>
    internal async Task<bool> Try<T>(Scope scope, Func<Task<Outcome<T>>> act) => Took(May(scope) ? (await act()).Problem : Forbidden());

    internal async Task<bool> Try(Scope scope, Func<Task<Problem?>> act) => Took(May(scope) ? await act() : Forbidden());

    /// <summary>Sends on to give the password again, where that was too long ago for what this page does; then nothing may be done.</summary>
    /// <param name="back">Where to come back to; null: here.</param>
    internal bool MustConfirm(string? back = null)
    {
        var clock = Context.RequestServices.GetRequiredService<TimeProvider>();
        if (Confirmation.IsFresh(Session.ConfirmedAt, Instant.From(clock.GetUtcNow()))) return false;
        Go("/admin/confirm?next=" + Uri.EscapeDataString(back ?? Context.Request.Path + Context.Request.QueryString));
        return true;
    }

    /// <summary>
    /// The same for a form that makes something: to send it twice makes one, and <see cref="Repeated"/> is what the first time made.
    /// </summary>
    internal async Task<bool> TryOnce(Scope scope, Func<Author, Task<Problem?>> act, string reason = "")
    {
        if (!May(scope)) return Took(Forbidden());
        if (Form is not { } form) return Took(await act(By(reason)));
        if ((Repeated = await MadeBy(form)) is not null) return Took(null);
        try
        {
            if (await act(By(reason) with { Form = form }) is not { } problem) return Took(null);
            // What stands in its way may be what the same form has made a moment ago.
            return Took((Repeated = await MadeBy(form)) is null ? problem : null);
        }
        catch (FormSentTwiceException)
        {
            Repeated = await MadeBy(form);
            return Took(null);
        }
    }

    /// <summary>What this very form made when it was sent before; null: it was not.</summary>
    internal FormRow? Repeated { get; private set; }

    /// <summary>The form that was sent, for what it makes once; null: it came without its key.</summary>
    internal SentForm? Form =>
        PageCookies.StaffOf(Context) is { } cookie && Guid.TryParse(Typed(PageToken.KeyField), out var key) ? SentForm.Of(cookie, key, AllTyped) : null;

    private string AllTyped => string.Join('&', Context.Request.Form.OrderBy(one => one.Key, StringComparer.Ordinal)
        .SelectMany(one => one.Value.Select(value => Uri.EscapeDataString(one.Key) + "=" + Uri.EscapeDataString(value ?? ""))));

    /// <summary>Whether the secret that the form made may be shown again, because it was sent twice.</summary>
    internal bool MayShowAgain =>
        Repeated is { } row && Context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds() - row.MadeAt < SentForm.SecretFor.TotalMilliseconds;

    private Task<FormRow?> MadeBy(SentForm form) =>
        Context.RequestServices.GetRequiredService<Database>().Read(connection => OperatorStore.FindForm(connection, form.Hash), Stop);

    private bool Took(Problem? problem) => (Problem = problem) is null;

    private static Problem Forbidden() => Problems.Of(StatusCodes.Status403Forbidden, ProblemCodes.Forbidden, "Your role does not let you do this.");
}
