using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Server.Imports;
using Topup.Server.Tests.Imports;
using Xunit;

namespace Topup.Server.Tests.Cli;

public sealed class ImportCommandTests(SqliteImports host) : CommandTests(host), IClassFixture<SqliteImports>
{
    [Fact]
    public async Task A_file_is_checked_imported_watched_canceled_and_its_failures_are_written_by_commands_only()
    {
        var (type, tenant, file) = (await Host.NewType(), await Host.NewTenant(), Path.GetTempFileName());
        try
        {
            await File.WriteAllTextAsync(file, $"tenant,type,amount\n{tenant},{type},x\n", Stop);
            var wrong = await Run("import", "start", "grants", file, "--dry-run");
            (wrong.Code, wrong.Output.Contains("line 2, column amount: amount must be a number", StringComparison.Ordinal)).ShouldBe((1, true));
            (await Run("import", "start", "grants", file)).Code.ShouldBe(1);
            (await Run("import", "start", "grants", file + ".nothing")).Code.ShouldBe(2);

            await File.WriteAllTextAsync(file, $"tenant,type,amount\n{tenant},{type},2\nnobody,{type},1\n", Stop);
            (await Done("import", "start", "grants", file, "--dry-run")).ShouldContain(type + " 3");
            var id = Text(await Json("import", "start", "grants", file), "id");
            await Host.Services.GetRequiredService<ImportWorker>().Run(Stop);
            (await Done("import", "show", id)).ShouldContain("done");
            (await Done("import", "list")).ShouldContain(id);
            (await Done("import", "failures", id)).ShouldContain("tenant_unknown");
            (await Run("import", "cancel", id)).Code.ShouldBe(1);
            var other = Text(await Json("import", "start", "grants", file), "id");
            (await Done("import", "cancel", other)).ShouldContain("canceled");
        }
        finally
        {
            File.Delete(file);
        }
        (await Client.GetPool(tenant, type, stop: Stop)).Remaining.Total.ShouldBe(2);
    }
}
