using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Message;

internal sealed class SendCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string> channel = new("channel") { Description = "Such as sms, whatsapp or email." };
    private readonly Option<string> to = Symbols.Needed("--to", "A number such as +5511998765432, or an e-mail address.");
    private readonly Option<string?> text = Symbols.Text("--text", "What it says.");
    private readonly Option<string?> html = Symbols.Text("--html", "Only on email.");
    private readonly Option<string?> subject = Symbols.Text("--subject", "Only on email, and needed there.");
    private readonly Option<string?> template = Symbols.Text("--template", "In place of text, html and subject.");
    private readonly Option<string[]> variables = new("--variable") { Description = "For a name in the template, such as name=Ana. Once for each." };
    private readonly Option<string?> purpose = Symbols.Text("--purpose", "transactional (default) or campaign.");
    private readonly Option<string?> reference = Symbols.Text("--reference", "Your own reference.");
    private readonly Option<string?> key = Symbols.IdempotencyKey();

    public SendCommand()
        : base("send", "Send a message; ends with 1 when refused.") =>
        Takes(tenant, channel, to, text, html, subject, template, variables, purpose, reference, key);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var reply = await client.SendMessage(new MessageRequest
        {
            Tenant = call.Get(tenant), Channel = call.Get(channel), To = call.Get(to)!, Text = call.Get(text), Html = call.Get(html),
            Subject = call.Get(subject), Purpose = call.Get(purpose), Reference = call.Get(reference), Template = call.Get(template),
            Variables = call.Pairs(variables) is { Count: > 0 } given ? given : null,
        }, call.Get(key), stop);
        call.Output.Show(reply, TopupJson.Default.MessageReply,
            ("id", reply.Message.Id), ("status", reply.Message.Status), ("reason", reply.Message.Reason), ("type", reply.Message.Type),
            ("credits", reply.Message.Credits), ("missing", reply.Shortfall), ("top up at", reply.TopupUrl), ("replayed", reply.Replayed));
        return call.Answered(reply.Message.Status != "refused", reply.Message.Reason);
    }
}
