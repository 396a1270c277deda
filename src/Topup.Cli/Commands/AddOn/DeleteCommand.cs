using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.AddOn;

internal sealed class DeleteCommand : Verb
{
    private readonly Argument<string> code = Symbols.Code();
    private readonly Option<string?> reason = Symbols.Reason();

    public DeleteCommand()
        : base("delete", "Delete an add-on that no tenant has.") =>
        Takes(code, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await client.DeleteAddOn(call.Get(code), call.Get(reason), stop);
        return 0;
    }
}
