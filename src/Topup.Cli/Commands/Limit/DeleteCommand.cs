using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Limit;

internal sealed class DeleteCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string> code = Symbols.Code();
    private readonly Option<string?> reason = Symbols.Reason();

    public DeleteCommand()
        : base("delete", "Take a limit away.") =>
        Takes(tenant, code, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await client.DeleteLimit(call.Get(tenant), call.Get(code), call.Get(reason), stop);
        return 0;
    }
}
