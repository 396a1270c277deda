using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Suppression;

internal sealed class FindCommand : Verb
{
    private readonly Argument<string> channel = new("channel") { Description = "Such as sms, whatsapp or email." };
    private readonly Argument<string> recipient = new("recipient") { Description = "A number such as +5511998765432, or an e-mail address." };

    public FindCommand()
        : base("find", "What keeps messages from a recipient.") =>
        Takes(channel, recipient);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var found = await client.FindSuppressions(new SuppressionRequest { Channel = call.Get(channel), Recipient = call.Get(recipient) }, stop);
        await call.Output.Suppressions(Output.Rows(found.Data));
        return 0;
    }
}
