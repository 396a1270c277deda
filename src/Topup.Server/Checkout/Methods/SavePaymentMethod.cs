using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Catalog.Settings;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.Methods;

/// <summary>Switches a method of payment on or off, and takes its keys, which are encrypted, and never shown or logged.</summary>
internal sealed class SavePaymentMethod(
    Database database, SettingsStore store, SecretKeys keys, MethodSettings settings, PaymentMethods methods, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPut("/v1/payment-methods/{method}", Handle)
        .WithName("SavePaymentMethod")
        .WithSummary("Switch a method of payment on or off, and give it its keys. What is left out stays; what is empty is forgotten.")
        .Accepts<PaymentMethodRequest>("application/json")
        .Produces<PaymentMethodView>()
        .MayRefuse(400, 401, 403, 404, 409, 413, 415)
        .RequireScope(Scope.Catalog);

    private static async Task<IResult> Handle(string method, HttpContext context, SavePaymentMethod verb)
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        var body = await Body.Read(context, Json.Wire.PaymentMethodRequest);
        if (body.Problem is { } unread) return unread.AsResult();
        return Reply.Of(await verb.Run(method, body.Value, author.Value, context.RequestAborted), Json.Wire.PaymentMethodView);
    }

    public async Task<Outcome<PaymentMethodView>> Run(string method, PaymentMethodRequest request, Author author, CancellationToken stop)
    {
        if (!methods.IsKnown(method)) return PaymentMethods.Unknown();
        if ((MethodForm.Check(method, request) ?? SetElsewhere(request, await settings.Of(method, stop))) is { } problem) return problem;

        var changed = SecretsOf(method, request);
        var given = changed.Where(secret => secret.Value.Length > 0).ToList();
        var box = given.Count > 0 ? keys.FindOrMake() : null;
        if (given.Count > 0 && box is null) return Problems.Of(409, ProblemCodes.SecretKeyMissing, SecretKeys.MissingSentence, given[0].Field);

        var now = Instant.From(clock.GetUtcNow());
        var refused = await database.Transact(async (connection, transaction) =>
        {
            var json = await store.Lock(connection, transaction, MethodSettings.NameOf(method));
            var before = MethodSettings.Read(json);
            var after = new PaymentMethodRequest
            {
                Enabled = request.Enabled, ApiBase = Kept(before.ApiBase, request.ApiBase), SignatureMode = Kept(before.SignatureMode, request.SignatureMode),
            };
            if (after.ApiBase != before.ApiBase && await WouldBeSentElsewhere(connection, transaction, method, changed)) return KeyNeeded(method);
            if (after == before && json is not null && changed.Count == 0) return null;

            await SettingsStore.Save(connection, transaction, MethodSettings.NameOf(method), JsonSerializer.Serialize(after, Json.Wire.PaymentMethodRequest), now);
            foreach (var (field, _) in changed.Except(given)) await Secrets.Forget(connection, transaction, MethodSettings.SecretOf(method, field));
            foreach (var (field, value) in given) await Secrets.Save(connection, transaction, box!, MethodSettings.SecretOf(method, field), value, now);
            await Audit.Add(connection, transaction, author, now, "payment_method.changed", method, "", Words(before, []), Words(after, changed));
            return null;
        }, stop);
        return refused is { } wrong ? wrong : (await methods.Find(method, stop))!;
    }

    /// <summary>A value that the environment sets would be saved in vain; nor may a saved address get the environment's key.</summary>
    private static Problem? SetElsewhere(PaymentMethodRequest request, MethodState state)
    {
        if (state.Key.Source == ValueSource.Environment && (request.SecretKey ?? request.AccessToken) is not null) return Elsewhere(MethodForm.KeyField(state.Method)!);
        if (state.WebhookSecrets.Source == ValueSource.Environment && request.WebhookSecrets is not null) return Elsewhere(MethodForm.WebhookSecretsField);
        if (state.Signatures.Source == ValueSource.Environment && request.SignatureMode is not null) return Elsewhere(MethodForm.SignatureModeField);
        return (state.ApiBase.Source == ValueSource.Environment || state.Key.Source == ValueSource.Environment) && request.ApiBase is not (null or "")
            ? Elsewhere(MethodForm.ApiBaseField)
            : null;
    }

    private static Problem Elsewhere(string field) => Problems.Of(409, ProblemCodes.SetByEnvironment,
        $"The environment of the server sets {field}, or the key that would be sent there, and it wins. Change it there.", field);

    /// <summary>The secrets that the request changes; empty: forgotten.</summary>
    private static List<(string Field, string Value)> SecretsOf(string method, PaymentMethodRequest request)
    {
        var changed = new List<(string, string)>();
        if ((request.SecretKey ?? request.AccessToken) is { } key) changed.Add((MethodForm.KeyField(method)!, key));
        if (request.WebhookSecrets is { } secrets) changed.Add((MethodForm.WebhookSecretsField, string.Join('\n', secrets)));
        return changed;
    }

    /// <summary>Whether a key is saved that the request leaves as it is.</summary>
    private static async Task<bool> WouldBeSentElsewhere(
        DbConnection connection, DbTransaction transaction, string method, List<(string Field, string Value)> changed) =>
        MethodForm.KeyField(method) is { } field && changed.All(secret => secret.Field != field)
        && await Secrets.Exists(connection, transaction, MethodSettings.SecretOf(method, field));

    private static Problem KeyNeeded(string method) => Problems.Invalid(MethodForm.KeyField(method)!,
        $"A saved key is not sent to another address: give {MethodForm.KeyField(method)} together with {MethodForm.ApiBaseField}.");

    private static string? Kept(string? before, string? asked) => asked is null ? before : asked.Length == 0 ? null : asked;

    /// <summary>For the audit: of secrets only that they were changed.</summary>
    private static string Words(PaymentMethodRequest saved, List<(string Field, string Value)> changed)
    {
        var json = new JsonObject { ["enabled"] = saved.Enabled };
        if (saved.ApiBase is not null) json[MethodForm.ApiBaseField] = saved.ApiBase;
        if (saved.SignatureMode is not null) json[MethodForm.SignatureModeField] = saved.SignatureMode;
        if (changed.Count > 0) json["changed"] = new JsonArray([.. changed.Select(secret => JsonValue.Create(secret.Field))]);
        return json.ToJsonString();
    }
}
