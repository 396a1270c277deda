using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.MessageDriver;

internal sealed class DeleteCommand : Verb
{
    private readonly Argument<string> slug = new("slug") { Description = "Its name." };
    private readonly Option<string?> reason = Symbols.Reason();

    public DeleteCommand()
        : base("delete", "Delete a driver and its secret.") =>
        Takes(slug, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await client.DeleteMessageDriver(call.Get(slug), call.Get(reason), stop);
        return 0;
    }
}
