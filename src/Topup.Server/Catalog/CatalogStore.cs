using System.Collections.Frozen;
using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Server.Storage;

namespace Topup.Server.Catalog;

/// <summary>All SQL of this room. The catalogue is small and is always read whole.</summary>
internal static class CatalogStore
{
    /// <summary>A column that may have no value holds this in its place: none of them can be negative.</summary>
    private const long None = -1;

    public static Task<long> Version(DbConnection connection) =>
        connection.ExecuteScalarAsync<long>("select number from versions where name = 'catalog'");

    /// <summary>The catalogue, and the lock that lets nobody else change it until the transaction ends.</summary>
    public static async Task<CatalogSnapshot> Lock(DbConnection connection, DbTransaction transaction, Dialect dialect)
    {
        await connection.ExecuteScalarAsync<long>(
            $"select number from versions where name = 'catalog'{dialect.Lock}", transaction: transaction);
        return await Load(connection, transaction);
    }

    public static async Task<CatalogSnapshot> Load(DbConnection connection, DbTransaction? transaction = null)
    {
        var version = await connection.ExecuteScalarAsync<long>(
            "select number from versions where name = 'catalog'", transaction: transaction);
        var types = await connection.QueryAsync<TypeRow>(
            """
            select code as Code, name as Name, unit as Unit, decimals as Decimals, enabled as Enabled, channel as Channel,
                campaign_pool as CampaignPool, needs_active_plan as NeedsActivePlan, currency as Currency,
                debt_limit as DebtLimit, low_percent as LowPercent, low_amount as LowAmount, unit_cost as UnitCost,
                runway_days as RunwayDays, expiring_days as ExpiringDays
            from credit_types
            """, transaction: transaction);
        var plans = await connection.QueryAsync<PlanRow>(
            "select code as Code, name as Name, allowances as Allowances, top_up as TopUp, rollover as Rollover from plans",
            transaction: transaction);
        var packs = await connection.QueryAsync<PackRow>(
            """
            select code as Code, type as Type, name as Name, description as Description, price as Price,
                currency as Currency, credits as Credits, active as Active, plans as Plans, custom as Custom
            from packs
            """, transaction: transaction);
        var rateCards = await connection.QueryAsync<RateCardRow>(
            "select code as Code, plan as Plan, effective_from as EffectiveFrom, rates as Rates, unknown as Unknown from rate_cards",
            transaction: transaction);
        var addOns = await connection.QueryAsync<AddOnRow>(
            "select code as Code, type as Type, name as Name, description as Description, price as Price, active as Active, plans as Plans from addons",
            transaction: transaction);
        return new CatalogSnapshot(version, types.Select(Of), plans.Select(Of), packs.Select(Of), [.. rateCards.Select(Of)], addOns.Select(Of));
    }

    public static Task Count(DbConnection connection, DbTransaction transaction) =>
        connection.ExecuteAsync("update versions set number = number + 1 where name = 'catalog'", transaction: transaction);

    public static Task Save(DbConnection connection, DbTransaction transaction, CreditType type) =>
        connection.ExecuteAsync(
            """
            insert into credit_types (code, name, unit, decimals, enabled, channel, campaign_pool, needs_active_plan,
                currency, debt_limit, low_percent, low_amount, unit_cost, runway_days, expiring_days)
            values (@Code, @Name, @Unit, @Decimals, @Enabled, @Channel, @CampaignPool, @NeedsActivePlan,
                @Currency, @DebtLimit, @LowPercent, @LowAmount, @UnitCost, @RunwayDays, @ExpiringDays)
            on conflict (code) do update set name = excluded.name, unit = excluded.unit, enabled = excluded.enabled,
                channel = excluded.channel, campaign_pool = excluded.campaign_pool,
                needs_active_plan = excluded.needs_active_plan, debt_limit = excluded.debt_limit,
                low_percent = excluded.low_percent, low_amount = excluded.low_amount,
                unit_cost = excluded.unit_cost, runway_days = excluded.runway_days, expiring_days = excluded.expiring_days
            """,
            new TypeRow(type.Code, type.Name, type.Unit, type.Decimals, Of(type.Enabled), type.Channel ?? "", type.CampaignPool ?? "",
                Of(type.NeedsActivePlan), type.Currency ?? "", type.DebtLimit, type.LowPercent ?? None, type.LowAmount ?? None, type.UnitCost,
                type.RunwayDays ?? None, type.ExpiringDays ?? None),
            transaction);

    public static Task Save(DbConnection connection, DbTransaction transaction, Plan plan) =>
        connection.ExecuteAsync(
            """
            insert into plans (code, name, allowances, top_up, rollover) values (@Code, @Name, @Allowances, @TopUp, @Rollover)
            on conflict (code) do update set name = excluded.name, allowances = excluded.allowances,
                top_up = excluded.top_up, rollover = excluded.rollover
            """,
            new PlanRow(plan.Code, plan.Name,
                JsonSerializer.Serialize(plan.Allowances.ToDictionary(pair => pair.Key, pair => pair.Value ?? None),
                    CatalogStoreJson.Default.DictionaryStringInt64),
                Of(plan.TopUp),
                JsonSerializer.Serialize(plan.Rollover.ToDictionary(), CatalogStoreJson.Default.DictionaryStringRollover)),
            transaction);

    public static Task Save(DbConnection connection, DbTransaction transaction, Pack pack) =>
        connection.ExecuteAsync(
            """
            insert into packs (code, type, name, description, price, currency, credits, active, plans, custom)
            values (@Code, @Type, @Name, @Description, @Price, @Currency, @Credits, @Active, @Plans, @Custom)
            on conflict (code) do update set name = excluded.name, description = excluded.description,
                active = excluded.active, plans = excluded.plans, custom = excluded.custom
            """,
            new PackRow(pack.Code, pack.Type, pack.Name, pack.Description ?? "", pack.Price, pack.Currency, pack.Credits,
                Of(pack.Active), Of(pack.Plans), Of(pack.Custom)),
            transaction);

    public static Task Save(DbConnection connection, DbTransaction transaction, RateCard card) =>
        connection.ExecuteAsync(
            """
            insert into rate_cards (code, plan, effective_from, rates, unknown)
            values (@Code, @Plan, @EffectiveFrom, @Rates, @Unknown)
            on conflict (code) do update set plan = excluded.plan, effective_from = excluded.effective_from, rates = excluded.rates,
                unknown = excluded.unknown
            """,
            new RateCardRow(card.Code, card.Plan ?? "", card.EffectiveFrom.UnixMs, RatesOf(card),
                card.Unknown is { } unknown ? JsonSerializer.Serialize(RowOf(unknown), CatalogStoreJson.Default.RateRow) : ""),
            transaction);

    public static Task Save(DbConnection connection, DbTransaction transaction, AddOn addOn) =>
        connection.ExecuteAsync(
            """
            insert into addons (code, type, name, description, price, active, plans)
            values (@Code, @Type, @Name, @Description, @Price, @Active, @Plans)
            on conflict (code) do update set name = excluded.name, description = excluded.description, price = excluded.price,
                active = excluded.active, plans = excluded.plans
            """,
            new AddOnRow(addOn.Code, addOn.Type, addOn.Name, addOn.Description ?? "", addOn.Price, Of(addOn.Active), Of(addOn.Plans)), transaction);

    public static Task DeleteType(DbConnection connection, DbTransaction transaction, string code) =>
        connection.ExecuteAsync("delete from credit_types where code = @code", new { code }, transaction);

    public static Task DeletePlan(DbConnection connection, DbTransaction transaction, string code) =>
        connection.ExecuteAsync("delete from plans where code = @code", new { code }, transaction);

    public static Task DeleteRateCard(DbConnection connection, DbTransaction transaction, string code) =>
        connection.ExecuteAsync("delete from rate_cards where code = @code", new { code }, transaction);

    public static Task DeletePack(DbConnection connection, DbTransaction transaction, string code) =>
        connection.ExecuteAsync("delete from packs where code = @code", new { code }, transaction);

    public static Task DeleteAddOn(DbConnection connection, DbTransaction transaction, string code) =>
        connection.ExecuteAsync("delete from addons where code = @code", new { code }, transaction);

    /// <summary>Whether any tenant has the add-on, be it waiting or suspended.</summary>
    public static async Task<bool> HasAddOn(DbConnection connection, DbTransaction transaction, string addOn) =>
        await connection.ExecuteScalarAsync<long>(
            "select count(*) from (select 1 from tenant_addons where addon = @addOn and status > 0 limit 1) a", new { addOn }, transaction) > 0;

    /// <summary>Whether any tenant has credits of the type, or ever had, or has ordered some, or has a limit on them.</summary>
    public static async Task<bool> HasPools(DbConnection connection, DbTransaction transaction, string type) =>
        await connection.ExecuteScalarAsync<long>(
            """
            select count(*) from (select 1 from pools where type = @type limit 1) p
            union all select count(*) from (select 1 from purchases where type = @type limit 1) o
            union all select count(*) from (select 1 from tenants where replace(limits, @named, '') <> limits limit 1) l order by 1 desc
            """, new { type, named = $"\"t\":\"{type}\"" }, transaction) > 0;

    /// <summary>Whether any tenant is on the plan. The plan is locked first, so that none comes to it meanwhile.</summary>
    public static async Task<bool> HasTenants(DbConnection connection, DbTransaction transaction, Dialect dialect, string plan)
    {
        await connection.ExecuteScalarAsync<string>($"select code from plans where code = @plan{dialect.Lock}", new { plan }, transaction);
        return await connection.ExecuteScalarAsync<long>(
            "select count(*) from (select 1 from tenants where plan = @plan and plan <> '' limit 1) t", new { plan }, transaction) > 0;
    }

    private static CreditType Of(TypeRow row) => new()
    {
        Code = row.Code,
        Name = row.Name,
        Unit = row.Unit,
        Decimals = (int)row.Decimals,
        Enabled = row.Enabled != 0,
        Channel = NullIfEmpty(row.Channel),
        CampaignPool = NullIfEmpty(row.CampaignPool),
        NeedsActivePlan = row.NeedsActivePlan != 0,
        Currency = NullIfEmpty(row.Currency),
        DebtLimit = row.DebtLimit,
        LowPercent = row.LowPercent == None ? null : (int)row.LowPercent,
        LowAmount = row.LowAmount == None ? null : row.LowAmount,
        UnitCost = row.UnitCost,
        RunwayDays = row.RunwayDays == None ? null : (int)row.RunwayDays,
        ExpiringDays = row.ExpiringDays == None ? null : (int)row.ExpiringDays,
    };

    private static Plan Of(PlanRow row) => new()
    {
        Code = row.Code,
        Name = row.Name,
        Allowances = JsonSerializer.Deserialize(row.Allowances, CatalogStoreJson.Default.DictionaryStringInt64)!
            .ToFrozenDictionary(pair => pair.Key, pair => pair.Value == None ? (long?)null : pair.Value, StringComparer.Ordinal),
        TopUp = SetOf(row.TopUp),
        Rollover = JsonSerializer.Deserialize(row.Rollover, CatalogStoreJson.Default.DictionaryStringRollover)!
            .ToFrozenDictionary(StringComparer.Ordinal),
    };

    private static Pack Of(PackRow row) => new()
    {
        Code = row.Code,
        Type = row.Type,
        Name = row.Name,
        Description = NullIfEmpty(row.Description),
        Price = row.Price,
        Currency = row.Currency,
        Credits = row.Credits,
        Active = row.Active != 0,
        Plans = SetOf(row.Plans),
        Custom = row.Custom.Length == 0 ? null : JsonSerializer.Deserialize(row.Custom, CatalogStoreJson.Default.CustomAmount),
    };

    private static RateCard Of(RateCardRow row) => new()
    {
        Code = row.Code,
        Plan = NullIfEmpty(row.Plan),
        EffectiveFrom = new Instant(row.EffectiveFrom),
        Rates = [.. JsonSerializer.Deserialize(row.Rates, CatalogStoreJson.Default.RateRowArray)!.Select(Of)],
        Unknown = row.Unknown.Length == 0 ? null : Of(JsonSerializer.Deserialize(row.Unknown, CatalogStoreJson.Default.RateRow)!),
    };

    private static Rate Of(RateRow row) => new()
    {
        UsageType = row.UsageType,
        Name = row.Name,
        Type = row.Type,
        Price = row.Price,
        Seconds = row.Seconds,
        UnitCost = row.UnitCost,
        Dimensions = row.Dimensions.ToFrozenDictionary(StringComparer.Ordinal),
    };

    private static string RatesOf(RateCard card) =>
        JsonSerializer.Serialize(card.Rates.Select(RowOf).ToArray(), CatalogStoreJson.Default.RateRowArray);

    private static RateRow RowOf(Rate rate) => new(
        rate.UsageType, rate.Name, rate.Type, rate.Price, rate.Seconds, rate.UnitCost, rate.Dimensions.ToDictionary(StringComparer.Ordinal));

    private static AddOn Of(AddOnRow row) => new()
    {
        Code = row.Code,
        Type = row.Type,
        Name = row.Name,
        Description = NullIfEmpty(row.Description),
        Price = row.Price,
        Active = row.Active != 0,
        Plans = SetOf(row.Plans),
    };

    private static long Of(bool value) => value ? 1 : 0;

    private static string? NullIfEmpty(string value) => value.Length == 0 ? null : value;

    // An empty list is "none of them"; an empty text is "no list".
    private static string Of(FrozenSet<string>? codes) => codes is null
        ? ""
        : JsonSerializer.Serialize(codes.Order(StringComparer.Ordinal).ToArray(), CatalogStoreJson.Default.StringArray);

    private static FrozenSet<string>? SetOf(string json) => json.Length == 0
        ? null
        : JsonSerializer.Deserialize(json, CatalogStoreJson.Default.StringArray)!.ToFrozenSet(StringComparer.Ordinal);

    private static string Of(CustomAmount? custom) =>
        custom is null ? "" : JsonSerializer.Serialize(custom, CatalogStoreJson.Default.CustomAmount);

    private sealed record TypeRow(
        string Code, string Name, string Unit, long Decimals, long Enabled, string Channel, string CampaignPool,
        long NeedsActivePlan, string Currency, long DebtLimit, long LowPercent, long LowAmount, long UnitCost,
        long RunwayDays, long ExpiringDays);

    private sealed record PlanRow(string Code, string Name, string Allowances, string TopUp, string Rollover);

    private sealed record PackRow(
        string Code, string Type, string Name, string Description, long Price, string Currency, long Credits,
        long Active, string Plans, string Custom);

    private sealed record AddOnRow(string Code, string Type, string Name, string Description, long Price, long Active, string Plans);

    private sealed record RateCardRow(string Code, string Plan, long EffectiveFrom, string Rates, string Unknown);
}

/// <summary>A rate inside the row of its card.</summary>
internal sealed record RateRow(
    string UsageType, string Name, string Type, long Price, int? Seconds, long? UnitCost, Dictionary<string, string> Dimensions);

/// <summary>What rows have inside them: whole numbers of smallest units, -1 for unlimited.</summary>
[JsonSerializable(typeof(CustomAmount))]
[JsonSerializable(typeof(Dictionary<string, long>))]
[JsonSerializable(typeof(Dictionary<string, Rollover>))]
[JsonSerializable(typeof(RateRow[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class CatalogStoreJson : JsonSerializerContext;
