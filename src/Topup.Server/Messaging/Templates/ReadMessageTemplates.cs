using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Messaging.Templates;

/// <summary>The templates there are.</summary>
internal sealed class ReadMessageTemplates(MessageTemplates templates)
{
    public async Task<IResult> Handle(HttpContext context, string? limit, string? cursor)
    {
        var paging = Paging.Read(limit, cursor);
        if (paging.Problem is { } problem) return problem.AsResult();
        var page = paging.Value.Of(await templates.List(paging.Value.After, paging.Value.Rows, context.RequestAborted), saved => saved.Code);
        return Reply.Of<Page<MessageTemplateView>>(
            new Page<MessageTemplateView> { Data = [.. page.Data.Select(TemplateForm.View)], NextCursor = page.NextCursor }, Json.Wire.PageMessageTemplateView);
    }

    public async Task<IResult> HandleOne(HttpContext context, string code) =>
        await templates.Find(code, context.RequestAborted) is { } saved
            ? Reply.Of<MessageTemplateView>(TemplateForm.View(saved), Json.Wire.MessageTemplateView)
            : MessageProblems.TemplateUnknown(code, "code").AsResult();
}
