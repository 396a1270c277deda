using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Topup.Client;
using Topup.Contracts;
using Topup.Server.Automation.Workflows;
using Topup.Testing;
using Topup.Testing.Fakes;

namespace Topup.Server.Tests.Automation;

/// <summary>A tenant with a credit type and a mailbox, and the workflows that a test saves. The worker runs when the test says so.</summary>
internal sealed class FlowUnderTest : IAsyncDisposable
{
    private readonly TestHost host;
    private readonly List<string> codes = [];

    private FlowUnderTest(TestHost host, FakeMailServer mail, string tenant, string type) => (this.host, Mail, Tenant, Type) = (host, mail, tenant, type);

    public FakeMailServer Mail { get; }

    public string Tenant { get; }

    public string Type { get; }

    public string Address => $"{Tenant}@example.com";

    /// <param name="name">Of the tenant; null: its id.</param>
    public static async Task<FlowUnderTest> Open(TestHost host, string? name = null, string? channel = null)
    {
        var (mail, tenant, type) = (FakeMailServer.Start(MailSecurity.None), host.NewName("tenant"), host.NewName("type"));
        await host.Client.SaveCreditType(type, new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0, Channel = channel });
        await host.Client.SaveTenant(tenant, new TenantRequest { Name = name ?? tenant, Plan = null, Email = $"{tenant}@example.com", Phone = "+5511998765432" });
        await host.Client.SaveMessageDriver("mail", new MessageDriverRequest
        {
            Kind = "smtp", Channel = "email", Host = "127.0.0.1", Port = mail.Port, Security = "none", From = "shop@example.org",
        });
        return new FlowUnderTest(host, mail, tenant, type);
    }

    public static WorkflowAction Email(string subject, string? text = "text", string? html = null, string to = "tenant") =>
        new() { Kind = "email", To = to, Subject = subject, Text = text, Html = html };

    public static WorkflowAction Hook(WebhookReceiver receiver, string? body = null) => new()
    {
        Kind = "webhook", Url = receiver.Url, AllowPrivate = true, Body = body is null ? null : System.Text.Json.JsonDocument.Parse(body).RootElement.Clone(),
    };

    /// <summary>A workflow for events of this tenant.</summary>
    public async Task<WorkflowView> Save(string @event, params WorkflowAction[] actions)
    {
        var code = host.NewName("flow");
        codes.Add(code);
        return await host.Client.SaveWorkflow(code, Request(@event, actions));
    }

    public WorkflowRequest Request(string @event, params WorkflowAction[] actions) =>
        new() { Name = "Under test", Event = @event, Conditions = new WorkflowConditionTerms { Tenant = Tenant }, Actions = actions };

    public Task Run(TestHost? on = null) => (on ?? host).Services.GetRequiredService<WorkflowWorker>().Run(CancellationToken.None);

    /// <summary>Time goes by, and what is due then is done.</summary>
    public Task Run(TimeSpan after)
    {
        host.Clock.Advance(after);
        return Run();
    }

    public async Task<List<WorkflowRunView>> Runs(string code)
    {
        var all = new List<WorkflowRunView>();
        await foreach (var run in host.Client.ListWorkflowRuns(code)) all.Add(run);
        return all;
    }

    public async Task<WorkflowRunView> OnlyRun(string code) => (await Runs(code)).Single();

    /// <summary>What mail says, with its encodings undone.</summary>
    public static string Read(ReceivedMail mail)
    {
        var words = Regex.Replace(mail.Text, @"=\?utf-8\?B\?([^?]+)\?=\s*?(?=\r\n|=\?)", word => Encoding.Latin1.GetString(Convert.FromBase64String(word.Groups[1].Value)));
        var soft = words.Replace("=\r\n", "", StringComparison.Ordinal);
        var bytes = Regex.Replace(soft, "=([0-9A-F]{2})", hex => ((char)Convert.ToByte(hex.Groups[1].Value, 16)).ToString());
        return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var code in codes)
        {
            try
            {
                await host.Client.DeleteWorkflow(code);
            }
            catch (TopupException gone) when (gone.Code == "workflow_unknown")
            {
                // The test has deleted it.
            }
        }
        await Mail.DisposeAsync();
    }
}
