using System.Collections.Frozen;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog;

/// <summary>A catalogue to try things with, put into a new database when <c>Topup__Demo</c> is true.</summary>
internal sealed class DemoCatalog(CatalogChanges changes)
{
    public const string Setting = "Topup:Demo";

    private static readonly CreditType[] Types =
    [
        Type("sms", "SMS", "message", channel: "sms") with { UnitCost = 7_500 },
        Type("whatsapp", "WhatsApp", "message", channel: "whatsapp"),
        Type("email", "E-mail", "message", channel: "email"),
        Type("sessions", "Sessions", "USD of sessions", decimals: 3),
        Type("voice", "Voice", "call", channel: "voice"),
        Type("addons", "Add-ons", "credit", decimals: 2) with { NeedsActivePlan = false },
        Type("balance", "Balance", "USD", decimals: 2, currency: "USD"),
    ];

    private static readonly Plan[] Plans =
    [
        Plan("free", "Free", ("sms", 20), ("whatsapp", 20), ("email", 100), ("sessions", 2_000), ("voice", 5))
            with { TopUp = FrozenSet.Create("sms", "whatsapp", "email", "voice", "addons", "balance") },
        Plan("starter", "Starter", ("sms", 500), ("whatsapp", 500), ("email", 5_000), ("sessions", 40_000), ("voice", 60)),
        Plan("premium", "Premium", ("sms", 5_000), ("whatsapp", 5_000), ("email", null), ("sessions", 280_000), ("voice", 600))
            with { Rollover = Frozen([("sms", new Rollover(0, 1_000)), ("whatsapp", new Rollover(0, 1_000))]) },
    ];

    private static readonly RateCard[] RateCards =
    [
        RateCard("free", aiSession: 50, session: 25),
        RateCard("starter", aiSession: 50, session: 25),
        RateCard("premium", aiSession: 40, session: 20),
    ];

    private static readonly Pack[] Packs =
    [
        Pack("sms-500", "sms", "500 SMS", 10_00, 500),
        Pack("sms-5000", "sms", "5,000 SMS", 80_00, 5_000),
        Pack("sms-custom", "sms", "As many SMS as you like", 10_00, 500)
            with { Custom = new CustomAmount(5_00, 500_00, [new Bonus(40_00, 10), new Bonus(80_00, 25)]) },
        Pack("whatsapp-1000", "whatsapp", "1,000 WhatsApp messages", 15_00, 1_000),
        Pack("email-10000", "email", "10,000 e-mails", 9_00, 10_000),
        Pack("sessions-custom", "sessions", "Overage credits for sessions", 1_00, 1_000)
            with { Custom = new CustomAmount(5_00, 1_000_00, []) },
        Pack("voice-120", "voice", "120 calls of up to 5 minutes", 12_00, 120),
        Pack("addons-10", "addons", "10 credits for add-ons", 10_00, 10_00),
        Pack("addons-custom", "addons", "Credits for add-ons", 1_00, 1_00)
            with { Custom = new CustomAmount(1_00, 1_000_00, []) },
        Pack("balance-50", "balance", "50 USD of balance", 50_00, 50_00),
    ];

    private static readonly AddOn[] AddOns =
    [
        new() { Code = "ai-agent", Type = "addons", Name = "AI agent", Description = "Answers in your name, day and night.", Price = 30_00, Active = true },
        new() { Code = "own-domain", Type = "addons", Name = "Own domain", Description = "Your pages under your own address.", Price = 10_00, Active = true },
    ];

    /// <summary>Nothing happens where the catalogue was ever changed.</summary>
    public Task<bool> Save(CancellationToken stop) =>
        changes.Make(Author.Server("demo"), async change =>
        {
            if (change.Catalog.Version != 0) return false;
            await change.Save("catalog", "demo", null, "{}", async () =>
            {
                foreach (var type in Types) await CatalogStore.Save(change.Connection, change.Transaction, type);
                foreach (var plan in Plans) await CatalogStore.Save(change.Connection, change.Transaction, plan);
                foreach (var pack in Packs) await CatalogStore.Save(change.Connection, change.Transaction, pack);
                foreach (var addOn in AddOns) await CatalogStore.Save(change.Connection, change.Transaction, addOn);
                foreach (var card in RateCards) await CatalogStore.Save(change.Connection, change.Transaction, card with { EffectiveFrom = change.Now });
            });
            return true;
        }, stop);

    private static CreditType Type(
        string code, string name, string unit, int decimals = 0, string? channel = null, string? currency = null) => new()
        {
            Code = code,
            Name = name,
            Unit = unit,
            Decimals = decimals,
            Enabled = true,
            Channel = channel,
            NeedsActivePlan = currency is null,
            Currency = currency,
            DebtLimit = 0,
            LowPercent = 20,
            ExpiringDays = CreditType.ExpiringDaysDefault,
        };

    private static Plan Plan(string code, string name, params (string Type, long? Limit)[] allowances) => new()
    {
        Code = code,
        Name = name,
        Allowances = Frozen(allowances),
        Rollover = FrozenDictionary<string, Rollover>.Empty,
    };

    /// <summary>Sessions in thousandths of a dollar; a call of at most five minutes costs one credit on every plan.</summary>
    private static RateCard RateCard(string plan, long aiSession, long session) => new()
    {
        Code = plan,
        Plan = plan,
        EffectiveFrom = Instant.Always,
        Rates =
        [
            new Rate { UsageType = "ai_session", Name = "AI session", Type = "sessions", Price = aiSession, UnitCost = 12_000 },
            new Rate { UsageType = "session", Name = "Session", Type = "sessions", Price = session, UnitCost = 2_000 },
            new Rate { UsageType = "call", Name = "Call", Type = "voice", Price = 1, Seconds = 300, UnitCost = 60_000 },
            new Rate { UsageType = "sms", Name = "SMS", Type = "sms", Price = 1 },
        ],
    };

    private static Pack Pack(string code, string type, string name, long price, long credits) => new()
    {
        Code = code,
        Type = type,
        Name = name,
        Price = price,
        Currency = "USD",
        Credits = credits,
        Active = true,
    };

    private static FrozenDictionary<string, T> Frozen<T>((string Key, T Value)[] pairs) =>
        pairs.ToFrozenDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
}
