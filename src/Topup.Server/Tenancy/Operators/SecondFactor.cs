using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary>Codes of an operator: from an authenticator app, or one of ten that were written down. Each counts once.</summary>
internal sealed class SecondFactor(SecretKeys keys, ILogger<SecondFactor> log)
{
    private const int RecoveryCodes = 10;
    private const int RecoveryBytes = 10;
    private const int RecoveryPart = 4;

    /// <summary>Takes a code in the transaction of what it is for. Null: it is wrong or was used.</summary>
    /// <param name="row">Under its lock.</param>
    public async Task<OperatorRow?> Accept(DbConnection connection, DbTransaction transaction, OperatorRow row, string code, Instant now)
    {
        var given = new string([.. code.Where(char.IsAsciiLetterOrDigit)]).ToUpperInvariant();
        if (given.Length == Totp.Digits)
        {
            var secret = keys.Find() is { } box ? await Secrets.Find(connection, transaction, box, NameOf(row.Id)) : null;
            if (secret is null) log.LogError("The secret of the second factor of {Operator} cannot be read; only recovery codes work", row.Id);
            else if (Totp.Accept(Totp.SecretOf(secret), given, now, row.CodeStep) is { } step) return await Save(connection, transaction, row with { CodeStep = step });
        }
        else if (await OperatorStore.TakeRecoveryCode(connection, transaction, row.Id, HashOf(row.Id, given)))
        {
            await Audit.Add(connection, transaction, new Author(row.Actor, ""), now, "staff.recovery_code_used", row.Id, "", null, null);
            return row;
        }
        // Worth a note: whoever sent it has the password.
        await Audit.Add(connection, transaction, Author.Server("a code was wrong or was used before"), now, "staff.code_refused", row.Id, "", null, null);
        return null;
    }

    /// <summary>Ten new codes in the place of the others. They are stored as hashes, so this is the only time they are known.</summary>
    public static async Task<List<string>> NewRecoveryCodes(DbConnection connection, DbTransaction transaction, string operatorId)
    {
        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => Totp.TextOf(RandomNumberGenerator.GetBytes(RecoveryBytes))).ToList();
        await OperatorStore.ReplaceRecoveryCodes(connection, transaction, operatorId, codes.Select(code => HashOf(operatorId, code)));
        return [.. codes.Select(code => string.Join('-', code.Chunk(RecoveryPart).Select(part => new string(part)).ToArray()).ToLowerInvariant())];
    }

    /// <summary>Forgets the secret and the codes of an operator.</summary>
    public static async Task Forget(DbConnection connection, DbTransaction transaction, string operatorId)
    {
        await Secrets.Forget(connection, transaction, NameOf(operatorId));
        await Secrets.Forget(connection, transaction, NewNameOf(operatorId));
        await OperatorStore.ReplaceRecoveryCodes(connection, transaction, operatorId, []);
    }

    /// <summary>Of the secret among the secrets.</summary>
    public static string NameOf(string operatorId) => "totp." + operatorId;

    /// <summary>Of the secret that waits for its first code.</summary>
    public static string NewNameOf(string operatorId) => NameOf(operatorId) + ".new";

    /// <summary>80 random bits need no slow hash.</summary>
    private static byte[] HashOf(string operatorId, string code) => SHA256.HashData(Encoding.UTF8.GetBytes(operatorId + ":" + code));

    private static async Task<OperatorRow> Save(DbConnection connection, DbTransaction transaction, OperatorRow row)
    {
        await OperatorStore.Update(connection, transaction, row);
        return row;
    }
}
