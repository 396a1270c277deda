using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Plan;

internal sealed class SaveCommand : Verb
{
    private readonly Argument<string> code = Symbols.Code();
    private readonly Option<string> name = Symbols.Needed("--name", "Shown on screens.");
    private readonly Option<string[]> allowances = new("--allowance") { Description = "type=number per period, -1 for unlimited; may be given several times." };
    private readonly Option<string[]> topUp = new("--top-up") { Description = "A type that may be topped up; may be given several times; left out: all." };
    private readonly Option<string[]> rollover = new("--rollover")
    {
        Description = "type=max or type=min..max of what a new period carries over; may be given several times.",
    };
    private readonly Option<string?> reason = Symbols.Reason();

    public SaveCommand()
        : base("save", "Define a tier that tenants are on. New allowances apply at once.") =>
        Takes(code, name, allowances, topUp, rollover, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new PlanRequest
        {
            Name = call.Get(name)!,
            Allowances = call.Pairs(allowances).ToDictionary(pair => pair.Key, pair => Call.Number(allowances.Name, pair.Value)),
            TopUp = call.Get(topUp) is { Length: > 0 } types ? types : null,
            Rollover = call.Pairs(rollover) is { Count: > 0 } terms ? terms.ToDictionary(pair => pair.Key, pair => Terms(pair.Value)) : null,
        };
        var reply = await client.SavePlan(call.Get(code), request, call.Get(reason), stop);
        call.Output.Show(reply, TopupJson.Default.PlanView,
            ("code", reply.Code), ("name", reply.Name),
            ("allowances", reply.Allowances.Select(pair => $"{pair.Key}={pair.Value}")), ("top-up", reply.TopUp),
            ("rollover", reply.Rollover.Select(pair => $"{pair.Key}={pair.Value.Min ?? 0}..{pair.Value.Max}")));
        return 0;
    }

    private RolloverTerms Terms(string text)
    {
        var at = text.IndexOf("..", StringComparison.Ordinal);
        return at < 0
            ? new RolloverTerms { Max = Call.Number(rollover.Name, text) }
            : new RolloverTerms { Min = Call.Number(rollover.Name, text[..at]), Max = Call.Number(rollover.Name, text[(at + 2)..]) };
    }
}
