using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Suppression;

internal sealed class AddCommand : Verb
{
    private readonly Argument<string> channel = new("channel") { Description = "Such as sms, whatsapp or email." };
    private readonly Argument<string> recipient = new("recipient") { Description = "A number such as +5511998765432, or an e-mail address." };
    private readonly Option<string?> tenant = Symbols.Text("--tenant", "Whose messages; left out: everybody's.");
    private readonly Option<string?> because = Symbols.Text("--because", "Why; it must not say who.");
    private readonly Option<string?> reason = Symbols.Reason();

    public AddCommand()
        : base("add", "Let no more messages through to a recipient.") =>
        Takes(channel, recipient, tenant, because, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new SuppressionRequest { Channel = call.Get(channel), Recipient = call.Get(recipient), Tenant = call.Get(tenant), Reason = call.Get(because) };
        var saved = await client.SaveSuppression(request, call.Get(reason), stop);
        call.Output.Show(saved, TopupJson.Default.SuppressionView,
            ("id", saved.Id), ("channel", saved.Channel), ("recipient", saved.Recipient), ("tenant", saved.Tenant), ("cause", saved.Cause), ("reason", saved.Reason),
            ("created", saved.CreatedAt));
        return 0;
    }
}
