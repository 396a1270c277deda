using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Method;

internal sealed class ListCommand : Verb
{
    public ListCommand()
        : base("list", "Every way to pay: which are offered, and what the others lack.")
    {
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var methods = await client.ListPaymentMethods(stop);
        await call.Output.List(Output.Rows(methods.Data), TopupJson.Default.PaymentMethodView,
            new("METHOD", 11, row => row.Method),
            new("ENABLED", 7, row => row.Enabled),
            new("OFFERED", 7, row => row.Offered),
            new("DEFAULT", 7, row => row.IsDefault),
            new("SET", 30, row => row.Fields.Select(field => $"{field.Key}={field.Value}")),
            new("MISSING", 0, row => row.Missing));
        return 0;
    }
}
