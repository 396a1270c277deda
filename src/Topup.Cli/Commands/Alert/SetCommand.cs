using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Alert;

internal sealed class SetCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string> type = Symbols.Type();
    private readonly Option<int[]> lowPercent = new("--low-percent") { Description = "Warn when this percentage is left; up to five times." };
    private readonly Option<decimal[]> lowAmount = new("--low-amount") { Description = "Warn when this amount is left; up to five times." };
    private readonly Option<bool> noMarks = new("--no-marks") { Description = "No low mark but those that are given here, whatever the type says." };
    private readonly Option<int?> runwayDays = new("--runway-days") { Description = "Warn when the forecast runs out within so many days; 0: never." };
    private readonly Option<int?> expiringDays = new("--expiring-days") { Description = "Tell of credits so many days before they expire; 0: never." };
    private readonly Option<string?> reason = Symbols.Reason();

    public SetCommand()
        : base("set", "Say when a tenant is warned of a pool; what is left out is as the type says.") =>
        Takes(tenant, type, lowPercent, lowAmount, noMarks, runwayDays, expiringDays, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new AlertRequest
        {
            LowPercent = Marks(call.Get(lowPercent), call.Get(noMarks)), LowAmount = Marks(call.Get(lowAmount), call.Get(noMarks)),
            RunwayDays = call.Get(runwayDays), ExpiringDays = call.Get(expiringDays),
        };
        var reply = await client.SaveAlerts(call.Get(tenant), call.Get(type), request, call.Get(reason), stop);
        call.Output.Show(reply, TopupJson.Default.AlertView,
            ("type", reply.Type), ("low percent", AlertText.Of(reply.LowPercent)), ("low amount", AlertText.Of(reply.LowAmount)),
            ("runway days", reply.RunwayDays), ("expiring days", reply.ExpiringDays));
        return 0;
    }

    private static T[]? Marks<T>(T[]? given, bool none) => given is { Length: > 0 } || none ? given ?? [] : null;
}
