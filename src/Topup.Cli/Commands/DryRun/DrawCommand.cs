using System.CommandLine;
using System.Globalization;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.DryRun;

internal sealed class DrawCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Option<string[]> uses = new("--use")
    {
        Description = "type:amount of credits, or usage_type=quantity of what a rate card prices; may be given several times, in their order.", Required = true,
    };
    private readonly Option<string?> onShortage = Symbols.OnShortage();

    public DrawCommand()
        : base("draw", "What several uses in a row would draw; ends with 1 when one would be refused.") =>
        Takes(tenant, uses, onShortage);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new DryRunDrawRequest { Tenant = call.Get(tenant), Uses = [.. (call.Get(uses) ?? []).Select(Use)], OnShortage = call.Get(onShortage) };
        var reply = await client.DryRunDraw(request, stop);
        await call.Output.List(Output.Rows(reply.Draws), TopupJson.Default.DryRunDrawn,
            new("TYPE", 20, row => row.Type),
            new("AMOUNT", 12, row => row.Amount),
            new("ALLOWED", 8, row => row.Allowed),
            new("FROM ALLOWANCE", 14, row => row.Drawn.Allowance),
            new("FROM PURCHASED", 14, row => row.Drawn.Purchased),
            new("LEFT", 12, row => row.Remaining.Total),
            new("MISSING", 0, row => row.Shortfall));
        var refused = reply.Draws.FirstOrDefault(draw => !draw.Allowed);
        return call.Answered(refused is null, refused?.Reason);
    }

    private DryRunUse Use(string text)
    {
        // A usage type may hold any character, so the first equals sign decides; a code of a type holds neither.
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at > 0 && long.TryParse(text[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var quantity))
            return new DryRunUse { UsageType = text[..at], Quantity = quantity };
        at = text.IndexOf(':', StringComparison.Ordinal);
        return at > 0
            ? new DryRunUse { Type = text[..at], Amount = Call.Number(uses.Name, text[(at + 1)..]) }
            : throw new UsageException($"{uses.Name} must be type:amount or usage_type=quantity, not '{text}'.");
    }
}
