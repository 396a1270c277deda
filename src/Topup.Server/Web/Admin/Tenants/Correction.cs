using System.Globalization;
using Topup.Contracts;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Web.Admin.Tenants;

/// <summary>
/// Puts right what a tenant has, up or down. Up is a grant; down takes from what was bought or given, what would be spent
/// first first. What comes with the plan is changed in the plan.
/// </summary>
internal sealed class Correction(LedgerDesk desk, ListPools pools, GrantCredits grant, VoidGrant take)
{
    /// <param name="change">Credits; below 0: they are taken away.</param>
    /// <param name="key">Of the form. Each part has a key of its own by its place, so that whoever sends the form again either repeats a part or is stopped at it.</param>
    public async Task<Problem?> Run(Caller caller, string key, string tenant, string type, decimal change, string reason, CancellationToken stop)
    {
        if (change >= 0)
            return (await grant.Run(caller, key, new GrantRequest { Tenant = tenant, Type = type, Amount = change, Source = "adjustment", Reason = reason })).Problem;

        // All of it is checked before the first part is taken.
        var typed = await desk.TypeOf(type);
        if ((typed.Problem ?? LedgerDesk.Units(-change, typed.Value).Problem) is { } wrong) return wrong;
        var found = await pools.Run(tenant, stop);
        if (found.Problem is { } unknown) return unknown;
        var lots = found.Value.Data.FirstOrDefault(pool => pool.Type == type)?.Lots ?? [];
        var (missing, there) = (-change, lots.Sum(lot => lot.Remaining));
        if (there < missing)
        {
            var left = there.ToString(CultureInfo.InvariantCulture);
            return Problems.Invalid("amount", $"Only {left} were bought or given and are left. What comes with the plan is changed in the plan.", there);
        }
        var part = 0;
        foreach (var lot in lots.Where(lot => lot.Remaining > 0))
        {
            if (missing == 0) break;
            var amount = Math.Min(lot.Remaining, missing);
            var taken = await take.Run(caller, string.Create(CultureInfo.InvariantCulture, $"{key}:{part++}"), lot.Id, new VoidRequest { Amount = amount, Reason = reason });
            // The form was sent before, and what it asked for is done.
            if (taken.Problem is { } problem) return problem.Code == ProblemCodes.IdempotencyKeyReused ? null : problem;
            missing -= amount;
        }
        return null;
    }
}
