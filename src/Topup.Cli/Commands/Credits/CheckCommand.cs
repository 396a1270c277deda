using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Credits;

internal sealed class CheckCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string?> type = Symbols.TypeOfUse();
    private readonly Option<decimal?> amount = Symbols.Number("--amount", "Left out: 1.");
    private readonly Option<string?> usageType = Symbols.Text("--usage-type", "What is used.");
    private readonly Option<long?> quantity = Symbols.Quantity();
    private readonly Option<Dictionary<string, string>?> dimensions = Symbols.Dimensions();
    private readonly Option<string?> subject = Symbols.Text("--subject", "Who of the tenant spends.");
    private readonly Option<string?> reference = Symbols.Text("--reference", "Your own reference.");
    private readonly Option<string?> onShortage = Symbols.OnShortage();

    public CheckCommand()
        : base("check", "Ask whether a use would be allowed; ends with 1 when it would not.") =>
        Takes(tenant, type, amount, usageType, quantity, dimensions, subject, reference, onShortage);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new ConsumeRequest
        {
            Tenant = call.Get(tenant), Type = call.Get(type), Amount = call.Get(amount), UsageType = call.Get(usageType), Subject = call.Get(subject),
            Quantity = call.Get(quantity), Dimensions = call.Get(dimensions),
            Reference = call.Get(reference), OnShortage = call.Get(onShortage),
        };
        var reply = await client.CheckCredits(request, stop);
        call.Output.Show(reply, TopupJson.Default.CheckReply,
            ("allowed", reply.Allowed), ("explanation", reply.Explanation), ("missing", reply.Shortfall),
            ("ways out", reply.Fixes.Select(fix => $"{fix.Action}{(fix.Amount is { } amount ? $" {amount}" : "")}{(fix.At is { } at ? $" {at:u}" : "")}")));
        return call.Answered(reply.Allowed, reply.Reason);
    }
}
