namespace Topup.Server.Storage;

/// <summary>The database and the outbox.</summary>
internal static class StorageModule
{
    /// <summary>
    /// Opens the database before anything else starts. <c>Topup__Database</c> is a PostgreSQL connection string; empty,
    /// the data is SQLite in the folder <c>Topup__Data</c> (default <c>data</c>).
    /// </summary>
    /// <returns>The database, for what must be known of it before anything is made.</returns>
    public static async Task<Database> AddStorage(this WebApplicationBuilder builder, TimeProvider clock)
    {
        var options = new DatabaseOptions(
            builder.Configuration["Topup:Database"] ?? "", builder.Configuration["Topup:Data"] is { Length: > 0 } folder ? folder : "data");
        using var logs = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole());
        var database = await Database.Open(options, clock, logs, CancellationToken.None);
        // By a factory, so that the container closes it, after everything that uses it.
        builder.Services.AddSingleton(_ => database).AddSingleton<Outbox>().AddHostedService<OutboxSequencer>();
        builder.Services.AddSingleton(new BackupFolder(builder.Configuration["Topup:BackupFolder"] ?? ""));
        builder.Services.AddSingleton(new SecretKeys(builder.Configuration[SecretKeys.Setting], options)).AddSingleton<Secrets>();
        return database;
    }
}
