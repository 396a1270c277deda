using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Settings;

internal sealed class TimeZoneCommand : Verb
{
    private readonly Argument<string> zone = new("zone") { Description = "IANA id, such as America/Sao_Paulo." };
    private readonly Option<string?> reason = Symbols.Reason();

    public TimeZoneCommand()
        : base("time-zone", "In which time zone days and months begin, from the next start of each server on.") =>
        Takes(zone, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        call.Output.Show(await client.SaveTimeZone(new TimeZoneRequest { TimeZone = call.Get(zone) }, call.Get(reason), stop));
        return 0;
    }
}
