using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Topup.Contracts;
using Topup.Server.AddOns;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.AddOns;

// Add-ons are looked at when a test says so.
public sealed class SqliteAddOns() : HostFixture(isPostgres: false, "--Topup:Sandbox=true", "--Topup:AddOnEverySeconds=86400");

public sealed class PostgresAddOns() : HostFixture(isPostgres: true, "--Topup:Sandbox=true", "--Topup:AddOnEverySeconds=86400");

/// <summary>Tests of add-ons begin on the 16th of April, of 30 days, at nine o'clock.</summary>
public abstract class AddOnServerTests(HostFixture fixture) : ServerTests(fixture), IAsyncLifetime
{
    ValueTask IAsyncLifetime.InitializeAsync()
    {
        Host.Clock.Set("2026-04-16T09:00:00Z");
        return ValueTask.CompletedTask;
    }

    /// <summary>A tenant with credits, and an add-on of 30 a month that they pay.</summary>
    private protected async Task<(string Tenant, string Type, string AddOn)> Workspace(decimal credits, int renewalDay = 1)
    {
        var type = await Host.NewType(2);
        var tenant = await Host.NewTenant(renewalDay: renewalDay);
        if (credits > 0) await Host.Grant(tenant, type, credits);
        return (tenant, type, await NewAddOn(type));
    }

    private protected async Task<string> NewAddOn(string type, string? code = null, decimal price = 30, bool active = true)
    {
        code ??= Host.NewName("addon");
        await Client.SaveAddOn(code, new AddOnRequest { Type = type, Name = code, Price = price, Active = active }, stop: Stop);
        return code;
    }

    /// <summary>Renews what is due and goes on with what waits, as the server does by itself every few seconds.</summary>
    private protected Task Work() => WorkerOf(Host).Run(Stop);

    private protected static AddOnWorker WorkerOf(TestHost server) => server.Services.GetRequiredService<AddOnWorker>();

    private protected async Task Work(string day)
    {
        Host.Clock.Set(day + "T09:00:00Z");
        await Work();
    }

    private protected async Task<decimal> Left(string tenant, string type) => (await Client.GetPool(tenant, type, Stop)).Remaining.Total;

    private protected async Task<TenantAddOnView> Shown(string tenant, string addOn) =>
        (await Client.GetTenantAddOns(tenant, Stop)).Addons.Single(shown => shown.Code == addOn);

    /// <summary>The charges of an add-on, the oldest first: for which days, and how much.</summary>
    private protected async Task<List<string>> Charges(string tenant, string addOn) =>
        [.. (await All(Client.ListEntries(tenant, new Client.EntryFilter { UsageType = "addon:" + addOn, Kind = "consume" }, Stop)))
            .OrderBy(entry => entry.Reference, StringComparer.Ordinal).Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Reference} {entry.Amount:0.##}"))];

    /// <summary>The events of a tenant's add-ons, as <c>type before>after amount</c>.</summary>
    private protected async Task<List<string>> News(string tenant) =>
        [.. (await Host.Events(tenant)).Where(told => told.Type.StartsWith("addon.", StringComparison.Ordinal)).Select(told => string.Create(
            CultureInfo.InvariantCulture,
            $"{told.Type} {told.Data.GetProperty("previous")}>{told.Data.GetProperty("status")} {Amount(told, "charge") ?? Amount(told, "given_back"):0.##}"))];

    private static decimal? Amount(EventView told, string name) => told.Data.TryGetProperty(name, out var amount) ? amount.GetDecimal() : null;
}
