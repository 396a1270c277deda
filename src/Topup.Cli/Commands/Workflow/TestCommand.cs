using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Workflow;

internal sealed class TestCommand : Verb
{
    private readonly Argument<string> code = Symbols.Code();
    private readonly Option<string?> eventFile = Symbols.Text("--event-file", "A JSON file with {tenant, data} of an event; left out: a ready sample.");
    private readonly Option<string?> sendTo = Symbols.Text("--send-to", "Send its messages once, to this address or number and nobody else.");

    public TestCommand()
        : base("test", "What a workflow would do for a sample event; ends with 1 when a message was sent and not accepted.") =>
        Takes(code, eventFile, sendTo);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var to = call.Get(sendTo);
        var reply = await client.TestWorkflow(call.Get(code), new WorkflowTestRequest
        {
            Event = call.Get(eventFile) is { } path ? await WorkflowOutput.Read(path, WorkflowOutput.Sample, stop) : null,
            Send = to is null ? null : true, To = to,
        }, stop);
        call.Output.Show(reply, TopupJson.Default.WorkflowTestReply, ("matches", reply.Matches));
        foreach (var (number, action) in reply.Actions.Index())
        {
            call.Output.Say($"{number + 1}. {action.Kind} {action.To ?? action.Url ?? action.Type} {action.Amount} {action.Outcome} {action.Reason}".TrimEnd());
            foreach (var text in new[] { action.Subject, action.Text, action.Html, action.Body?.GetRawText() })
                if (text is not null) call.Output.Say(text);
        }
        return reply.Actions.Any(action => action.Outcome is not (null or "accepted")) ? 1 : 0;
    }
}
