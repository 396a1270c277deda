using Topup.Server.Http;
using Topup.Server.Tenancy;
using Topup.Server.Tenancy.Operators;

namespace Topup.Server.Web.Admin.Audit;

/// <summary>Who is behind the actors of the audit: people and keys by their names.</summary>
internal sealed class ActorNames(ReadOperators operators, ListApiKeys keys)
{
    public async Task<IReadOnlyDictionary<string, string>> Run(CancellationToken stop)
    {
        var all = new Paging(Paging.LimitMax, "");
        var names = (await operators.Run(all, stop)).Data.ToDictionary(person => OperatorRow.ActorOf(person.Id), person => person.Name ?? person.Email, StringComparer.Ordinal);
        foreach (var key in (await keys.Run(all, only: null, stop)).Data) names[Caller.ActorOf(key.Id)] = $"{key.Name} ({key.Prefix}…)";
        return names;
    }
}
