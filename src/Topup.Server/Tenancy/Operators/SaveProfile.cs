using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary>The own name, language and looks.</summary>
internal sealed class SaveProfile(Database database, TimeProvider clock)
{
    /// <param name="locale">Empty: as the browser says.</param>
    public async Task<Problem?> Run(OperatorSession session, string name, string locale, string theme, CancellationToken stop)
    {
        if ((OperatorForm.Name(name) ?? Fields.Locale("locale", locale.Length == 0 ? null : locale) ?? OperatorForm.Theme(theme)) is { } wrong) return wrong;
        return await database.Transact(async (connection, transaction) =>
        {
            var now = Instant.From(clock.GetUtcNow());
            if (await OperatorStore.Lock(connection, transaction, database.Dialect, session.OperatorId) is not { } row) return OperatorProblems.Unknown();
            var after = row with { Name = name, Locale = locale, Theme = theme };
            if (after == row) return null;
            await OperatorStore.Update(connection, transaction, after with { UpdatedAt = now.UnixMs });
            await Audit.Add(connection, transaction, Author.Of(session.Caller), now, "staff.profile_changed", row.Id, "", null, null);
            return (Problem?)null;
        }, stop);
    }
}
