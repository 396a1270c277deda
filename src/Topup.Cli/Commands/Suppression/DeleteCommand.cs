using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Suppression;

internal sealed class DeleteCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("suppression");
    private readonly Option<string?> reason = Symbols.Reason();

    public DeleteCommand()
        : base("delete", "Let messages through to a recipient again.") =>
        Takes(id, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await client.DeleteSuppression(call.Get(id), call.Get(reason), stop);
        return 0;
    }
}
