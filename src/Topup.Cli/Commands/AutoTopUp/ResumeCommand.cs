using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.AutoTopUp;

internal sealed class ResumeCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string> type = Symbols.Type();
    private readonly Option<string?> reason = Symbols.Reason();

    public ResumeCommand()
        : base("resume", "Let a suspended or waiting automatic top-up order again.") =>
        Takes(tenant, type, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        ShowCommand.Show(call, await client.ResumeAutoTopUp(call.Get(tenant), call.Get(type), call.Get(reason), stop));
        return 0;
    }
}
