using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.MessageTemplate;

internal sealed class SaveCommand : Verb
{
    private readonly Argument<string> code = Symbols.Code();
    private readonly Option<string> channel = Symbols.Needed("--channel", "What it is for, such as email.");
    private readonly Option<string?> subject = Symbols.Text("--subject", "Only on email, and needed there.");
    private readonly Option<string?> text = Symbols.Text("--text", "What it says, with names in braces, such as {first_name}.");
    private readonly Option<string?> html = Symbols.Text("--html", "Only on email.");
    private readonly Option<string?> contentSid = Symbols.Text("--content-sid", "A text that Twilio keeps.");
    private readonly Option<string[]> contentVariables = new("--content-variable")
    {
        Description = "What a variable of Twilio's text is filled with, such as 1={first_name}. Once for each.",
    };
    private readonly Option<string?> reason = Symbols.Reason();

    public SaveCommand()
        : base("save", "Save what messages of one kind say.") =>
        Takes(code, channel, subject, text, html, contentSid, contentVariables, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var saved = await client.SaveMessageTemplate(call.Get(code), new MessageTemplateRequest
        {
            Channel = call.Get(channel)!, Subject = call.Get(subject), Text = call.Get(text), Html = call.Get(html), ContentSid = call.Get(contentSid),
            ContentVariables = call.Pairs(contentVariables) is { Count: > 0 } variables ? variables : null,
        }, call.Get(reason), stop);
        call.Output.Show(saved, TopupJson.Default.MessageTemplateView,
            ("code", saved.Code), ("channel", saved.Channel), ("variables", saved.Variables), ("subject", saved.Subject), ("text", saved.Text),
            ("html", saved.Html), ("content sid", saved.ContentSid));
        return 0;
    }
}
