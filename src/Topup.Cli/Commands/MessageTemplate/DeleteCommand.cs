using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.MessageTemplate;

internal sealed class DeleteCommand : Verb
{
    private readonly Argument<string> code = Symbols.Code();
    private readonly Option<string?> reason = Symbols.Reason();

    public DeleteCommand()
        : base("delete", "Delete a template.") =>
        Takes(code, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await client.DeleteMessageTemplate(call.Get(code), call.Get(reason), stop);
        return 0;
    }
}
