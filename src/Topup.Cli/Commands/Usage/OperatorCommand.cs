using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Usage;

internal sealed class OperatorCommand : Verb
{
    private readonly UsageOptions filter = new();

    public OperatorCommand()
        : base("operator", "What all tenants used, what was sold and what is left of it; without days, in this calendar month.") =>
        Takes([.. filter.All]);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var asked = filter.Read(call);
        var first = await client.GetOperatorUsage(asked, stop: stop);
        if (call.Output.IsJson)
        {
            call.Output.Show(first, TopupJson.Default.OperatorUsageView);
            return 0;
        }
        await UsageOutput.Show(call, Pages(first, asked, client, stop));
        call.Output.Say("");
        await call.Output.List(Output.Rows(first.Sales), TopupJson.Default.SalesRow,
            new("SOLD", 12, row => row.Day ?? row.Week ?? row.Month), new("TYPE", 16, row => row.Type), new("PURCHASES", 9, row => row.Purchases),
            new("PAID", 12, row => row.Paid), new("REFUNDED", 12, row => row.Refunded), new("CURRENCY", 8, row => row.Currency),
            new("CREDITS", 12, row => row.CreditsSold - row.CreditsTakenBack));
        call.Output.Say("");
        await call.Output.List(Output.Rows(first.Margins), TopupJson.Default.MarginView,
            new("MARGIN OF", 16, row => row.Type), new("SOLD", 12, row => row.Sold), new("COST", 14, row => row.Cost), new("MARGIN", 14, row => row.Margin),
            new("CURRENCY", 8, row => row.Currency), new("WHY NONE", 0, row => row.Why));
        return 0;
    }

    private static async IAsyncEnumerable<UsageRow> Pages(
        OperatorUsageView page, UsageFilter asked, TopupClient client, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        while (true)
        {
            foreach (var row in page.Data) yield return row;
            if (page.NextCursor is not { } cursor) yield break;
            page = await client.GetOperatorUsage(asked, cursor: cursor, stop: stop);
        }
    }
}
