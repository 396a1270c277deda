using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Server.Automation.Workflows;
using Topup.Server.Tests.Automation;
using Xunit;

namespace Topup.Server.Tests.Cli;

public sealed class WorkflowCommandTests(SqliteFlows host) : CommandTests(host), IClassFixture<SqliteFlows>
{
    [Fact]
    public async Task A_workflow_is_saved_from_a_file_tried_watched_retried_and_deleted_by_commands_only()
    {
        await using var flow = await FlowUnderTest.Open(Host);
        var code = Host.NewName("flow");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file,
                $$$"""
                {"name": "Told", "event": "credits.granted", "conditions": {"tenant": "{{{flow.Tenant}}}"},
                 "actions": [{"kind": "email", "to": "tenant", "subject": "{amount} credits", "text": "{tenant_name}"}]}
                """, Stop);
            (await Done("workflow", "save", code, "--file", file, "--enabled", "false")).ShouldContain("email tenant");
            (await Done("workflow", "list")).ShouldContain(code);
            (await Done("workflow", "show", code)).ShouldContain("credits.granted");
            (await Done("workflow", "test", code)).ShouldContain("500 credits");
            (await Done("workflow", "test", code, "--send-to", "me@example.net")).ShouldContain("accepted");
            flow.Mail.Answer = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 no" : null;
            (await Run("workflow", "test", code, "--send-to", "me@example.net")).Code.ShouldBe(1);

            await Done("workflow", "save", code, "--file", file);
            await Host.Grant(flow.Tenant, flow.Type, 3);
            await Host.Services.GetRequiredService<WorkflowWorker>().Run(Stop);
            (await Done("workflow", "runs", code, "--status", "failed")).ShouldContain("smtp_550");
            var id = Text(await Json("workflow", "runs", code), "id");
            (await Done("workflow", "run", id)).ShouldContain("1. email: failed, 1 attempts, smtp_550");
            (await Done("workflow", "retry", id)).ShouldContain("waiting");

            await File.WriteAllTextAsync(file, """{"name": "x", "evnt": "x"}""", Stop);
            (await Run("workflow", "save", code, "--file", file)).Code.ShouldBe(2);
            (await Run("workflow", "save", code)).Code.ShouldBe(2);
            (await Done("workflow", "delete", code)).ShouldBeEmpty();
        }
        finally
        {
            File.Delete(file);
        }
        (await Done("workflow", "events")).ShouldContain("{topup_payment_method}");
        (await Done("workflow", "presets")).ShouldContain("weekly-statement");
        (await Done("workflow", "save", code, "--preset", "credits-low")).ShouldContain("{\"threshold_max\":{\"percent\":20}}");
        (await Done("workflow", "delete", code)).ShouldBeEmpty();
        (await Done("settings", "set", "operator", "--name", "The Shop", "--email", "boss@example.net")).ShouldContain("boss@example.net");
        (await Done("settings", "show", "operator")).ShouldContain("The Shop");
        (await Done("settings", "set", "operator", "--name", "", "--email", "")).ShouldNotContain("boss@example.net");
    }
}
