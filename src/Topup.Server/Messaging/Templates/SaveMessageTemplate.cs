using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Messaging.Templates;

/// <summary>Saves and deletes templates. Messages that are on their way were filled already, and stay as they are.</summary>
internal sealed class SaveMessageTemplate(Database database, MessageTemplates templates, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string code)
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        var body = await Body.Read(context, Json.Wire.MessageTemplateRequest);
        if (body.Problem is { } unread) return unread.AsResult();
        return Reply.Of(await Run(code, body.Value, author.Value, context.RequestAborted), Json.Wire.MessageTemplateView);
    }

    public async Task<IResult> HandleDelete(HttpContext context, string code)
    {
        var author = Author.Of(context);
        return author.Problem is { } unsaid ? unsaid.AsResult() : Reply.Of(await Delete(code, author.Value, context.RequestAborted));
    }

    public async Task<Outcome<Saved<MessageTemplateView>>> Run(string code, MessageTemplateRequest asked, Author author, CancellationToken stop)
    {
        if (TemplateForm.Check(code, asked) is { } invalid) return invalid;
        var saved = new SavedTemplate(code, asked, Instant.From(clock.GetUtcNow()));
        var isNew = await database.Transact(async (connection, transaction) =>
        {
            var before = await templates.Lock(connection, transaction, code);
            await MessageTemplates.Save(connection, transaction, saved);
            await Audit.Add(connection, transaction, author, saved.UpdatedAt, before is null ? "message_template.created" : "message_template.changed", code, "",
                before is null ? null : MessageTemplates.Words(before.Template), MessageTemplates.Words(asked));
            return before is null;
        }, stop);
        return new Saved<MessageTemplateView>(TemplateForm.View(saved), isNew);
    }

    public async Task<Problem?> Delete(string code, Author author, CancellationToken stop) => await database.Transact<Problem?>(async (connection, transaction) =>
    {
        if (await templates.Lock(connection, transaction, code) is not { } before) return MessageProblems.TemplateUnknown(code, "code");
        await MessageTemplates.Delete(connection, transaction, code);
        var now = Instant.From(clock.GetUtcNow());
        await Audit.Add(connection, transaction, author, now, "message_template.deleted", code, "", MessageTemplates.Words(before.Template), null);
        return null;
    }, stop);
}
