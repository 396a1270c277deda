using Dapper;
using Topup.Server.Storage;

namespace Topup.Server.Usage;

/// <summary>The SQL that sums what all tenants used on days that are over.</summary>
internal sealed class TotalsStore(Database database)
{
    /// <summary>The last day up to which the totals are complete; 0: none is.</summary>
    public Task<int> UpTo(CancellationToken stop) => database.Read(connection =>
        connection.ExecuteScalarAsync<int>("select number from versions where name = 'usage_totals'"), stop);

    /// <summary>The first day after another on which something was counted; null: there is none.</summary>
    public Task<int?> NextDay(int after, CancellationToken stop) => database.Read(connection => connection.ExecuteScalarAsync<int?>(
        """
        select min(n.day) from (
            select min(u.day) as day from usage_days u where u.day > @after
            union all select min(p.day) from pools p where p.day > @after
            union all select min(f.day) from usage_refusals f where f.day > @after) n
        """, new { after = (long)after }), stop);

    /// <summary>
    /// Sums the days from <paramref name="first"/> to <paramref name="last"/> and says that all up to the last are complete. False: it
    /// was not so up to <paramref name="before"/> any more, because another server was here, or a use counted on an older day.
    /// </summary>
    public Task<bool> Sum(int before, int first, int last, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        // The number comes first: a batch that wants to take days back waits for it, and what such a batch has counted is seen below.
        var args = new { before = (long)before, first = (long)first, last = (long)last };
        if (await connection.ExecuteAsync("update versions set number = @last where name = 'usage_totals' and number = @before", args, transaction) != 1) return false;
        await connection.ExecuteAsync(
            """
            delete from usage_totals where day between @first and @last;
            delete from refusal_totals where day between @first and @last;
            insert into usage_totals (day, type, usage_type, uses, allowance, purchased, debt, returned, cost)
                select u.day, u.type, u.usage_type, cast(sum(u.uses) as bigint), cast(sum(u.allowance) as bigint), cast(sum(u.purchased) as bigint),
                    cast(sum(u.debt) as bigint), cast(sum(u.returned) as bigint), cast(sum(u.cost) as bigint)
                from usage_by_day u where u.day between @first and @last group by u.day, u.type, u.usage_type;
            insert into refusal_totals (day, type, usage_type, reason, refused, asked, first_at, last_at)
                select u.day, u.type, u.usage_type, u.reason, cast(sum(u.refused) as bigint), cast(sum(u.asked) as bigint), min(u.first_at), max(u.last_at)
                from usage_refusals u where u.day between @first and @last group by u.day, u.type, u.usage_type, u.reason
            """, args, transaction);
        return true;
    }, stop);
}
