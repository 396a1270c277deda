using System.Collections.Immutable;
using System.Globalization;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Ledger;
using Topup.Server.Storage;
using Topup.Server.Tenancy;
using Topup.Testing.Ledger;

namespace Topup.Testing.Proofs;

/// <summary>
/// The same random lives on the model and on running servers, reply by reply. Lives run side by side in groups that
/// share a clock, so that they meet in the batches of a lane as the tenants of a real server do.
/// </summary>
internal sealed class Differential(IReadOnlyList<TestHost> hosts)
{
    public const int StepsOfOneLife = 25;

    /// <summary>Settling and verifying by themselves would be steps that the model does not see.</summary>
    public static readonly string[] Settings = ["--Topup:SettleEverySeconds=86400", "--Topup:VerifyEveryHours=0"];

    private const int LivesOfOneGroup = 200;
    private const int RepeatOneIn = 8;
    private static readonly TimeSpan SetBack = TimeSpan.FromHours(1);

    private static readonly long[] DebtLimits = [0, 4];

    private readonly HashSet<string> plans = new(StringComparer.Ordinal);

    /// <summary>Steps compared so far, on all hosts together.</summary>
    public long Steps { get; private set; }

    /// <summary>Changes that were sent again with their key.</summary>
    public long Repeats { get; private set; }

    public long ClockJumpsBack { get; private set; }

    public long Periods { get; private set; }

    /// <summary>Uses that were drawn from the allowance and from lots as well.</summary>
    public long DrawsOverBoth { get; private set; }

    public async Task Run(int seed, int lives)
    {
        for (var start = 0; start < lives; start += LivesOfOneGroup)
            await RunGroup(unchecked(seed * 1_000_003 + start), Math.Min(LivesOfOneGroup, lives - start));
    }

    private async Task RunGroup(int seed, int count)
    {
        var random = new Random(seed);
        var times = OperationGenerator.Steps(seed, StepsOfOneLife).Select(step => step.Now).ToArray();
        // Chance may leave it out, and then nothing would be known of clocks that are set back.
        if (times.Zip(times.Skip(1)).All(pair => pair.First <= pair.Second)) times[StepsOfOneLife / 2] = times[StepsOfOneLife / 2 - 1].Plus(-SetBack);
        var lives = Enumerable.Range(0, count).Select(i => new Life(seed + i, random.Next(1, 32), times[0])).ToArray();
        foreach (var life in lives)
            foreach (var terms in life.Steps.Select(step => step.Terms)) await EnsurePlan(terms);
        var pools = new List<PoolOnServer[]>();
        foreach (var host in hosts) pools.Add(await Create(host, lives));

        for (var i = 0; i < StepsOfOneLife; i++)
        {
            var now = times[i];
            if (i > 0 && now < times[i - 1]) ClockJumpsBack++;
            var again = lives.Select(_ => random.Next(RepeatOneIn) == 0).ToArray();
            var expected = lives.Select(life => life.Next(i, now)).ToArray();
            for (var h = 0; h < hosts.Count; h++)
            {
                hosts[h].Clock.Set(now.ToDateTimeOffset());
                await ChangeTenants(hosts[h], lives, i);
                var pool = pools[h];
                var replies = await Task.WhenAll(lives.Select((life, k) => pool[k].Apply(life.Steps[i].Operation, now, again[k])));
                for (var k = 0; k < lives.Length; k++) Compare(lives[k], i, hosts[h], expected[k], replies[k]);
                Steps += lives.Length;
                Repeats += again.Count(repeated => repeated);
            }
            DrawsOverBoth += expected.Count(reply => reply.Drawn is { Allowance: > 0, Lots.Length: > 0 });
        }
        Periods += lives.Sum(life => life.Periods);
    }

    private static void Compare(Life life, int step, TestHost host, Outcome expected, Outcome reply) =>
        BrokenPromiseException.Unless(reply == expected, string.Create(CultureInfo.InvariantCulture,
            $"Life {life.Seed}, step {step}, {host.Services.GetRequiredService<Database>().Dialect.Name}: {life.Steps[step]}\n  the model says {expected}\n  but it was    {reply}"));

    /// <summary>Every combination of allowance, rollover and debt that a life may come upon is a plan and a credit type.</summary>
    private async Task EnsurePlan(Terms terms)
    {
        var plan = PlanOf(terms);
        if (!plans.Add(plan)) return;
        foreach (var host in hosts)
        {
            foreach (var debt in DebtLimits) await host.Client.SaveCreditType(TypeOf(debt), new CreditTypeRequest
            {
                Name = "Pool", Unit = "credit", Decimals = 0, NeedsActivePlan = true, DebtLimit = debt,
            });
            var rollover = new RolloverTerms { Min = terms.Rollover.Min, Max = terms.Rollover.Max };
            await host.Client.SavePlan(plan, new PlanRequest
            {
                Name = plan,
                Allowances = DebtLimits.ToDictionary(TypeOf, _ => (decimal)(terms.Limit ?? -1)),
                Rollover = terms.Limit is null ? null : DebtLimits.ToDictionary(TypeOf, _ => rollover),
            });
        }
    }

    private static async Task<PoolOnServer[]> Create(TestHost host, Life[] lives)
    {
        await host.Services.GetRequiredService<Database>().Transact(async (connection, transaction) =>
        {
            foreach (var life in lives)
            {
                var terms = life.Steps[0].Terms;
                await TenancyStore.InsertTenant(connection, transaction, new TenantRow(life.Tenant, PlanOf(terms), (long)StatusOf(terms), life.RenewalDay,
                    life.First.Number, life.First.Start.UnixMs, life.First.End.UnixMs, 0, 0, life.Tenant, "", "", ""));
            }
            return true;
        }, CancellationToken.None);
        var lanes = host.Services.GetRequiredService<LedgerLanes>();
        return [.. lives.Select(life => new PoolOnServer(lanes, life.Tenant, TypeOf(life.Steps[0].Terms.DebtLimit)))];
    }

    private static async Task ChangeTenants(TestHost host, Life[] lives, int step)
    {
        if (step == 0) return;
        var changed = lives.Where(life => PlanOf(life.Steps[step].Terms) != PlanOf(life.Steps[step - 1].Terms)
            || life.Steps[step].Terms.Frozen != life.Steps[step - 1].Terms.Frozen).ToArray();
        if (changed.Length == 0) return;
        await host.Services.GetRequiredService<Database>().Transact((connection, transaction) => connection.ExecuteAsync(
            "update tenants set plan = @plan, status = @status where bucket = @bucket and tenant_id = @tenant",
            changed.Select(life => new
            {
                plan = PlanOf(life.Steps[step].Terms),
                status = (long)StatusOf(life.Steps[step].Terms),
                bucket = (long)TenantId.Bucket(life.Tenant),
                tenant = life.Tenant,
            }), transaction), CancellationToken.None);
    }

    private static string TypeOf(long debtLimit) => string.Create(CultureInfo.InvariantCulture, $"pool{debtLimit}");

    private static string PlanOf(Terms terms) => string.Create(CultureInfo.InvariantCulture,
        $"p{terms.Limit?.ToString(CultureInfo.InvariantCulture) ?? "u"}-{terms.Rollover.Min}-{terms.Rollover.Max}");

    private static TenantStatus StatusOf(Terms terms) => terms.Frozen ? TenantStatus.Lapsed : TenantStatus.Active;

    /// <summary>One random life of a pool, and the model that knows what every reply must be.</summary>
    private sealed class Life(int seed, int renewalDay, Instant start)
    {
        private readonly LedgerModel model = new();

        public int Seed => seed;

        public int RenewalDay => renewalDay;

        public string Tenant { get; } = string.Create(CultureInfo.InvariantCulture, $"life{unchecked((uint)seed)}");

        public ImmutableArray<Step> Steps { get; } = OperationGenerator.Steps(seed, StepsOfOneLife);

        public BillingPeriod First { get; } = BillingPeriod.First(start, renewalDay, TimeZoneInfo.Utc);

        public int Periods { get; private set; }

        /// <summary>The model goes by the terms as a server has them: from the tenant's first period and the clock alone.</summary>
        public Outcome Next(int step, Instant now)
        {
            var period = First.At(now, renewalDay, TimeZoneInfo.Utc);
            Periods = Math.Max(Periods, period.Number);
            return model.Apply(Steps[step].Operation, now, Steps[step].Terms with { Period = period });
        }
    }
}
