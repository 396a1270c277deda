using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Limit;

internal sealed class SaveCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string> code = Symbols.Code();
    private readonly Option<string?> subject = Symbols.Text("--subject", "Only this project, sub-user or device; left out: the whole tenant.");
    private readonly Option<string?> usageType = Symbols.Text("--usage-type", "Only this usage type.");
    private readonly Option<string?> type = Symbols.Text("--type", "Only this credit type; a cap on credits needs it.");
    private readonly Option<bool> off = new("--off") { Description = "Nothing of it may be used." };
    private readonly Option<decimal?> amount = Symbols.Number("--cap", "So much for each window.");
    private readonly Option<string?> measure = Symbols.Text("--measure", "uses (default) or credits.");
    private readonly Option<string?> per = Symbols.Text("--per", "hour, day (default), week or month.");
    private readonly Option<DateTimeOffset?> until = Symbols.Time("--until", "When it ends; left out: never");
    private readonly Option<string?> reason = Symbols.Reason();

    public SaveCommand()
        : base("save", "Cap a tenant or one of its subjects, or switch a usage type off.") =>
        Takes(tenant, code, subject, usageType, type, off, amount, measure, per, until, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var cap = call.Get(amount) is { } most
            ? new LimitCap { Amount = most, Measure = call.Get(measure) ?? "uses", Per = call.Get(per) ?? "day" }
            : null;
        var request = new LimitRequest
        {
            Subject = call.Get(subject), UsageType = call.Get(usageType), Type = call.Get(type), Off = call.Get(off) ? true : null, Cap = cap,
            Until = call.Get(until),
        };
        var reply = await client.SaveLimit(call.Get(tenant), call.Get(code), request, call.Get(reason), stop);
        call.Output.Show(reply, TopupJson.Default.LimitView,
            ("code", reply.Code), ("subject", reply.Subject), ("usage type", reply.UsageType), ("type", reply.Type), ("off", reply.Off),
            ("cap", reply.Cap?.Amount), ("measure", reply.Cap?.Measure), ("per", reply.Cap?.Per), ("used", reply.Used), ("left", reply.Left),
            ("resets at", reply.ResetsAt), ("until", reply.Until));
        return 0;
    }
}
