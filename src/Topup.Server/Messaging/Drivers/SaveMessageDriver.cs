using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Messaging.Drivers;

/// <summary>Saves and deletes drivers. Their secrets are encrypted, and never shown or logged.</summary>
internal sealed class SaveMessageDriver(Database database, SecretKeys keys, MessageDrivers drivers, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string slug)
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        var body = await Body.Read(context, Json.Wire.MessageDriverRequest);
        if (body.Problem is { } unread) return unread.AsResult();
        return Reply.Of(await Run(slug, body.Value, author.Value, context.RequestAborted), Json.Wire.MessageDriverView);
    }

    public async Task<IResult> HandleDelete(HttpContext context, string slug)
    {
        var author = Author.Of(context);
        return author.Problem is { } unsaid ? unsaid.AsResult() : Reply.Of(await Delete(slug, author.Value, context.RequestAborted));
    }

    public async Task<Outcome<Saved<MessageDriverView>>> Run(string slug, MessageDriverRequest asked, Author author, CancellationToken stop)
    {
        if (DriverForm.Check(slug, asked) is { } invalid) return invalid;
        if (drivers.KindOf(asked.Kind) is not { } kind) return Problems.Invalid("kind", $"kind must be one of {drivers.KindWords}.");
        if ((DriverForm.OnlyOwn(asked) ?? kind.Check(asked)) is { } wrong) return wrong;
        var hasSecret = (asked.Secret ?? asked.CallbackSecret) is not null;
        var box = hasSecret ? keys.FindOrMake() : null;
        if (hasSecret && box is null) return Problems.Of(409, ProblemCodes.SecretKeyMissing, SecretKeys.MissingSentence, "secret");

        var now = Instant.From(clock.GetUtcNow());
        var saved = await database.Transact<Outcome<bool>>(async (connection, transaction) =>
        {
            var before = await drivers.Lock(connection, transaction, slug);
            if (before is null && await MessageDrivers.Count(connection, transaction) >= DriverForm.DriversMax)
                return MessageProblems.TooManyDrivers(DriverForm.DriversMax);
            var name = MessageDrivers.SecretOf(slug);
            var isSame = before?.Kind == asked.Kind && kind.KeepsSecret(before, asked);
            var keeps = asked.Secret is null && isSame && await Secrets.Exists(connection, transaction, name);
            if (asked.Secret is null && kind.NeedsSecret(asked) && !keeps)
                return Problems.Of(400, ProblemCodes.MissingField, "The driver needs a secret; a saved one is not used for another kind, server or user.", "secret");
            if (asked.Secret is null && !keeps) await Secrets.Forget(connection, transaction, name);
            await MessageDrivers.Save(connection, transaction, slug, asked, now);
            if (asked.Secret is { } secret) await Secrets.Save(connection, transaction, box!, name, secret, now);
            if (asked.CallbackSecret is { } callbackSecret)
                await Secrets.Save(connection, transaction, box!, MessageDrivers.CallbackSecretOf(slug), callbackSecret, now);
            else if (!isSame) await Secrets.Forget(connection, transaction, MessageDrivers.CallbackSecretOf(slug));
            await Audit.Add(connection, transaction, author, now, before is null ? "message_driver.created" : "message_driver.changed", slug, "",
                before is null ? null : MessageDrivers.Words(before), MessageDrivers.Words(asked));
            return before is null;
        }, stop);
        if (saved.Problem is { } problem) return problem;
        var all = await drivers.All(stop);
        var driver = all.First(driver => driver.Slug == slug);
        return new Saved<MessageDriverView>(DriverForm.View(driver, MessageDrivers.Sending(all, asked.Channel)?.Slug == slug), saved.Value);
    }

    public async Task<Problem?> Delete(string slug, Author author, CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        return await database.Transact<Problem?>(async (connection, transaction) =>
        {
            if (await drivers.Lock(connection, transaction, slug) is not { } before) return MessageProblems.DriverUnknown();
            await MessageDrivers.Delete(connection, transaction, slug);
            await Audit.Add(connection, transaction, author, now, "message_driver.deleted", slug, "", MessageDrivers.Words(before), null);
            return null;
        }, stop);
    }
}
