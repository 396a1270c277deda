using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Messaging.Templates;

/// <summary>The templates there are.</summary>
internal sealed class ReadMessageTemplates(MessageTemplates templates)
{
    public async Task<IResult> Handle(HttpContext context, string? limit, string? cursor)
    {
        var paging = Paging.Read(limit, cursor);
        return paging.Problem is { } problem
            ? problem.AsResult()
            : Reply.Of<Page<MessageTemplateView>>(await List(paging.Value, context.RequestAborted), Json.Wire.PageMessageTemplateView);
    }

    public async Task<IResult> HandleOne(HttpContext context, string code) =>
        Reply.Of(await One(code, context.RequestAborted), Json.Wire.MessageTemplateView);

    public async Task<Page<MessageTemplateView>> List(Paging paging, CancellationToken stop)
    {
        var page = paging.Of(await templates.List(paging.After, paging.Rows, stop), saved => saved.Code);
        return new Page<MessageTemplateView> { Data = [.. page.Data.Select(TemplateForm.View)], NextCursor = page.NextCursor };
    }

    public async Task<Outcome<MessageTemplateView>> One(string code, CancellationToken stop) =>
        await templates.Find(code, stop) is { } saved ? TemplateForm.View(saved) : MessageProblems.TemplateUnknown(code, "code");
}
