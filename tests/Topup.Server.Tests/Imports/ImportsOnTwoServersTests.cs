using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Server.Imports;
using Xunit;

namespace Topup.Server.Tests.Imports;

/// <summary>Two servers on one PostgreSQL share the rows of one import, and none is done twice.</summary>
public sealed class ImportsOnTwoServersTests(PostgresImports host) : ServerTests(host), IClassFixture<PostgresImports>
{
    private const int Rows = 3_000;

    [Fact]
    public async Task Both_do_parts_of_one_file_and_each_line_is_given_once()
    {
        await using var other = await TopupServer.Build(
        [
            "--urls", "http://127.0.0.1:0", "--Topup:Database=" + Host.Services.GetRequiredService<IConfiguration>()["Topup:Database"],
            "--Topup:VerifyEveryHours=0", "--Logging:LogLevel:Default=Error", "--Topup:ImportEverySeconds=86400",
        ], Host.Clock);
        await other.StartAsync(Stop);
        var type = await Host.NewType();
        var tenants = new List<string>();
        for (var i = 0; i < 10; i++) tenants.Add(await Host.NewTenant());
        var csv = "tenant,type,amount,reference\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => $"{tenants[i % 10]},{type},1,r{i}\n"));
        var id = (await Client.StartImport("grants", Encoding.UTF8.GetBytes(csv), stop: Stop)).Import!.Id;

        var parts = await Task.WhenAll(new[] { Host.Services, other.Services }.Select(server => WorkOff(server.GetRequiredService<ImportWorker>(), id)));

        parts.Sum().ShouldBe(Rows / 100);
        parts.ShouldAllBe(done => done > 0);
        var ended = await Client.GetImport(id, Stop);
        (ended.Status, ended.Done, ended.Failed).ShouldBe(("done", Rows, 0));
        foreach (var tenant in tenants) (await Client.GetPool(tenant, type, stop: Stop)).Remaining.Total.ShouldBe(Rows / 10);
        await other.StopAsync(Stop);
    }

    private async Task<int> WorkOff(ImportWorker worker, string id)
    {
        var parts = 0;
        while ((await Client.GetImport(id, Stop)).Status is "waiting" or "running")
            if (await worker.RunPart(Stop)) parts++;
        return parts;
    }
}
