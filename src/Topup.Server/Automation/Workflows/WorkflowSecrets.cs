using System.Data.Common;
using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Automation.Webhooks;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;
using Topup.Server.Tenancy.Operators;

namespace Topup.Server.Automation.Workflows;

/// <summary>The secrets with which webhooks of workflows are signed, as those of webhook endpoints are: sealed at rest, shown once.</summary>
internal sealed class WorkflowSecrets(Secrets secrets)
{
    private const string Prefix = "whsec_";
    private const int BytesMin = 24;
    private const int BytesMax = 64;

    public static Problem? Check(string? secret)
    {
        if (secret is null) return null;
        var bytes = new byte[BytesMax];
        return secret.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[Prefix.Length..], bytes, out var length) && length >= BytesMin
            ? null
            : Problems.Invalid("secret", $"secret must be {Prefix} and the base64 of {BytesMin} to {BytesMax} bytes.", BytesMax);
    }

    /// <summary>The key to sign with; empty: there is none, or it cannot be read.</summary>
    public async Task<List<byte[]>> Keys(string workflow, CancellationToken stop) =>
        (await secrets.Read([NameOf(workflow)], stop)).TryGetValue(NameOf(workflow), out var kept) && kept.Failure == SecretFailure.None
            ? [WebhookSecrets.KeyOf(kept.Value)]
            : [];

    /// <summary>Saves a secret that was given, or makes one where there is none. Null: it stays as it was.</summary>
    public static async Task<string?> Save(DbConnection connection, DbTransaction transaction, SecretBox box, string workflow, string? given, Author author, Instant now)
    {
        if (given is null && await Secrets.Exists(connection, transaction, NameOf(workflow))) return null;
        var secret = given ?? WebhookSecrets.Of(author.SecretBytes());
        await Secrets.Save(connection, transaction, box, NameOf(workflow), secret, now);
        return given is null ? secret : null;
    }

    /// <summary>The secret that a form made when it was sent first; null: it made none, or another took its place.</summary>
    public async Task<string?> MadeBy(SentForm form, string workflow, CancellationToken stop)
    {
        var secret = WebhookSecrets.Of(form.Secret);
        return (await Keys(workflow, stop)).Any(key => key.AsSpan().SequenceEqual(WebhookSecrets.KeyOf(secret))) ? secret : null;
    }

    public static Task Forget(DbConnection connection, DbTransaction transaction, string workflow) => Secrets.Forget(connection, transaction, NameOf(workflow));

    private static string NameOf(string workflow) => "workflow." + workflow;
}
