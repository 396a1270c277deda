using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Key;

internal sealed class RevokeCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("key");
    private readonly Option<string?> reason = Symbols.Reason();

    public RevokeCommand()
        : base("revoke", "End an API key at once.") =>
        Takes(id, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await client.RevokeApiKey(call.Get(id), call.Get(reason), stop);
        return 0;
    }
}
