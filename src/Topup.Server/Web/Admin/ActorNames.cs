using Topup.Server.Http;
using Topup.Server.Tenancy;
using Topup.Server.Tenancy.Operators;

namespace Topup.Server.Web.Admin;

/// <summary>Who stands behind the ids that entries keep: staff and API keys by their names.</summary>
internal sealed class ActorNames(ReadOperators staff, ListApiKeys keys)
{
    private static readonly Paging Most = Paging.Read("1000", null).Value;

    /// <summary>By the id of an entry's actor. Whoever is not among them is known by the id alone.</summary>
    public async Task<IReadOnlyDictionary<string, string>> All(CancellationToken stop)
    {
        var people = (await staff.Run(Most, stop)).Data.Select(person => (Id: OperatorRow.ActorOf(person.Id), Name: person.Name ?? person.Email));
        var programs = (await keys.Run(Most, only: null, stop)).Data.Select(key => (key.Id, Name: $"{key.Name} ({key.Prefix}…)"));
        return people.Concat(programs).ToDictionary(actor => actor.Id, actor => actor.Name, StringComparer.Ordinal);
    }
}
