using System.Globalization;
using Topup.Server.AddOns;
using Topup.Server.Automation.Webhooks;
using Topup.Server.Automation.Workflows;
using Topup.Server.Catalog;
using Topup.Server.Catalog.Portal;
using Topup.Server.Catalog.Settings;
using Topup.Server.Checkout;
using Topup.Server.Checkout.AutoTopUps;
using Topup.Server.Checkout.Methods;
using Topup.Server.Checkout.Receipts;
using Topup.Server.Checkout.Reconciliations;
using Topup.Server.Http;
using Topup.Server.Imports;
using Topup.Server.Ledger;
using Topup.Server.Messaging;
using Topup.Server.Storage;
using Topup.Server.Tenancy;
using Topup.Server.Usage;
using Topup.Server.Web;

namespace Topup.Server;

/// <summary>The whole server, floor by floor: every AddX and MapX, and nothing else.</summary>
internal static class TopupServer
{
    /// <param name="clock">The time that every rule goes by.</param>
    /// <exception cref="InvalidOperationException">A setting is wrong, or the database cannot be used; the message says which and how.</exception>
    public static async Task<WebApplication> Build(string[] args, TimeProvider clock)
    {
        // What programs read is written the same on every machine; pages name the culture of whoever reads them.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        // Settings are read once. To watch their files would be to watch the folder, and so every write to the database in it.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
        var settings = builder.Configuration;
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton(clock);
        builder.AddHttp();
        var database = await builder.AddStorage(clock);
        builder.Services.AddTenancy(settings);
        builder.Services.AddDescription();
        builder.Services.AddCatalog();
        await builder.AddSettings(database);
        builder.Services.AddPortalSessions();
        var ledger = LedgerOptions.From(settings);
        builder.Services.AddLedger(ledger);
        builder.Services.AddPaymentMethods(settings);
        builder.Services.AddCheckout();
        builder.Services.AddReceipts();
        builder.Services.AddAutoTopUps(settings);
        builder.Services.AddReconciliations();
        builder.Services.AddMessaging(settings);
        builder.Services.AddUsage();
        builder.Services.AddImports(settings);
        builder.Services.AddAddOns(settings);
        builder.Services.AddWebhooks(settings);
        builder.Services.AddWorkflows(settings);
        builder.Services.AddWeb();
        builder.AddTelemetry(LedgerMetrics.MeterName, CheckoutMetrics.MeterName, MessageMetrics.MeterName, WebhookMetrics.MeterName);

        var app = builder.Build();
        app.UseHttp();
        app.UseApiKeys();
        app.UseWeb();
        app.MapHealth();
        app.MapDescription();
        app.MapTenancy();
        app.MapCatalog();
        app.MapSettings();
        app.MapPortalSessions();
        app.MapLedger(ledger);
        app.MapPaymentMethods();
        app.MapCheckout();
        app.MapReceipts();
        app.MapAutoTopUps();
        app.MapReconciliations();
        app.MapMessaging();
        app.MapUsage();
        app.MapImports();
        app.MapAddOns();
        app.MapWebhooks();
        app.MapWorkflows();
        app.MapWeb();

        await app.Services.StartTenancy(CancellationToken.None);
        app.Services.StartSettings();
        await app.Services.StartCatalog(CancellationToken.None);
        await app.Services.StartPaymentMethods(CancellationToken.None);
        return app;
    }
}
