using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Settings;

internal sealed class OperatorCommand : Verb
{
    private readonly Option<string?> name = Symbols.Text("--name", "As texts name it, at most 200 characters.");
    private readonly Option<string?> email = Symbols.Text("--email", "Where e-mails to the operator go.");
    private readonly Option<string?> phone = Symbols.Text("--phone", "Where other messages to the operator go, such as +5511998765432.");
    private readonly Option<string?> reason = Symbols.Reason();

    public OperatorCommand()
        : base("operator", "Whom workflows write to at the operator. What is empty is taken away.") =>
        Takes(name, email, phone, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var before = await client.GetOperatorContact(stop);
        var wanted = new OperatorContact
        {
            Name = call.Get(name) ?? before.Name, Email = call.Get(email) ?? before.Email, Phone = call.Get(phone) ?? before.Phone,
        };
        call.Output.Show(await client.SaveOperatorContact(wanted, call.Get(reason), stop));
        return 0;
    }
}
