using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Topup.Server.Http;

/// <summary>
/// Metrics by OTLP, when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector; the other standard variables
/// (<c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_EXPORTER_OTLP_HEADERS</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c>) apply too.
/// </summary>
internal static class Telemetry
{
    public static void AddTelemetry(this WebApplicationBuilder builder, params string[] meters)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) return;
        builder.Services.AddSingleton<IHostedService>(_ => new Exporter(meters));
    }

    private sealed class Exporter(string[] meters) : IHostedService
    {
        private MeterProvider? provider;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            provider = Sdk.CreateMeterProviderBuilder()
                .AddMeter(meters)
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql")
                .AddOtlpExporter()
                .Build();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            provider?.Dispose();
            return Task.CompletedTask;
        }
    }
}
