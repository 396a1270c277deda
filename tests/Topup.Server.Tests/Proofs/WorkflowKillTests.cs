using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Testing;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Proofs;

/// <summary>A server that is killed between two actions goes on with the second: what was done is not done again, and nothing is lost.</summary>
public sealed class WorkflowKillTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_goes_on_at_its_second_action_on_sqlite()
    {
        var folder = Directory.CreateTempSubdirectory("topup-workflow-kill-");
        try
        {
            await using var server = await ServerProcess.OnSqlite(folder.FullName, ("WebhookTimeoutSeconds", "2"));
            await Run(server);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_run_goes_on_at_its_second_action_on_postgres()
    {
        await using var server = await ServerProcess.OnPostgres(
            await (await PrivatePostgres.Shared).NewDatabase(), ("WebhookTimeoutSeconds", "2"), ("SecretKey", Convert.ToBase64String(new byte[32])));
        await Run(server);
    }

    private static async Task Run(ServerProcess server)
    {
        await using var first = await WebhookReceiver.Start();
        await using var second = await WebhookReceiver.Start();
        second.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        using var client = new TopupClient(server.Address, ServerProcess.Key);
        await client.SaveCreditType("sms", new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0 }, stop: Stop);
        await client.SaveTenant("acme", new TenantRequest { Name = "Acme", Plan = null }, stop: Stop);
        WorkflowAction To(WebhookReceiver receiver) => new() { Kind = "webhook", Url = receiver.Url, AllowPrivate = true };
        await client.SaveWorkflow("flow", new WorkflowRequest
        {
            Name = "Flow", Event = "credits.granted", Actions = [To(first), new WorkflowAction { Kind = "grant", Type = "sms", Amount = 5 }, To(second)],
        }, stop: Stop);
        await client.GrantCredits(new GrantRequest { Tenant = "acme", Type = "sms", Amount = 1, Source = "transfer" }, stop: Stop);
        await Until(() => second.Received.Count > 0, "the last action is begun");

        await server.Kill();
        second.Answer = _ => Task.CompletedTask;
        await server.Restart();

        await Until(async () => (await client.ListWorkflowRunsPage("flow", "done", stop: Stop)).Data.Count == 1, "the run is done");
        first.Received.Count.ShouldBe(1);
        second.Received.Select(got => got.Id).Distinct().ShouldHaveSingleItem();
        second.Received.Count.ShouldBe(2);
        (await client.GetPool("acme", "sms", stop: Stop)).Remaining.Total.ShouldBe(6);
        (await client.ListWorkflowRunsPage("flow", "skipped", stop: Stop)).Data.Single().Reason.ShouldBe("loop");
    }

    private static Task Until(Func<bool> isSo, string what) => Until(() => Task.FromResult(isSo()), what);

    private static async Task Until(Func<Task<bool>> isSo, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience) throw new TimeoutException($"Not within {Patience.TotalSeconds} s: {what}.");
            await Task.Delay(50, Stop);
        }
    }
}
