using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Method;

internal sealed class SetCommand : Verb
{
    private readonly Argument<string> method = new("method") { Description = "balance, stripe, mercadopago or sandbox." };
    private readonly Option<bool?> enabled = new("--enabled") { Description = "Whether buyers are offered it; left out: as it is." };
    private readonly Option<string?> keyFrom = Symbols.Text("--key-from",
        "The environment variable with Stripe's secret key or Mercado Pago's access token; -: the next line of the standard input.");
    private readonly Option<string?> webhookSecretsFrom = Symbols.Text("--webhook-secrets-from",
        "The same for the signing secrets of webhooks, apart by commas.");
    private readonly Option<string?> signatureMode = Symbols.Text("--signature-mode", "Mercado Pago: strict, fetch_on_mismatch or off.");
    private readonly Option<string?> apiBase = Symbols.Text("--api-base", "Where the provider is called; give the key again with it.");
    private readonly Option<string?> reason = Symbols.Reason();

    public SetCommand()
        : base("set", "Switch a way to pay on or off, and give it its keys. A key is never an argument, for every process could read it.") =>
        Takes(method, enabled, keyFrom, webhookSecretsFrom, signatureMode, apiBase, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var name = call.Get(method);
        if (name is not ("stripe" or "mercadopago") && call.Get(keyFrom) is not null) throw new UsageException($"The method has no key; {keyFrom.Name} is for stripe and mercadopago.");
        var key = call.Secret(keyFrom);
        var request = new PaymentMethodRequest
        {
            Enabled = call.Get(enabled) ?? await IsEnabled(name, client, stop),
            SecretKey = name == "stripe" ? key : null,
            AccessToken = name == "mercadopago" ? key : null,
            WebhookSecrets = call.Secret(webhookSecretsFrom)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            SignatureMode = call.Get(signatureMode), ApiBase = call.Get(apiBase),
        };
        var reply = await client.SavePaymentMethod(name, request, call.Get(reason), stop);
        call.Output.Show(reply, TopupJson.Default.PaymentMethodView,
            ("method", reply.Method), ("enabled", reply.Enabled), ("offered", reply.Offered), ("default", reply.IsDefault), ("missing", reply.Missing),
            ("set", reply.Fields.Count == 0 ? null : reply.Fields.Select(field => $"{field.Key}={field.Value}")), ("api base", reply.ApiBase),
            ("signatures", reply.SignatureMode));
        return 0;
    }

    private static async Task<bool> IsEnabled(string method, TopupClient client, CancellationToken stop) =>
        (await client.ListPaymentMethods(stop)).Data.FirstOrDefault(known => known.Method == method)?.Enabled ?? true;
}
