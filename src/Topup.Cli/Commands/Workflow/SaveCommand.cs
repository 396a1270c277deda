using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Workflow;

internal sealed class SaveCommand : Verb
{
    private readonly Argument<string> code = Symbols.Code();
    private readonly Option<string?> file = Symbols.Text("--file", "A JSON file with the workflow as the API takes it.");
    private readonly Option<string?> preset = Symbols.Text("--preset", "The code of a ready-made workflow, instead of a file.");
    private readonly Option<bool?> enabled = new("--enabled") { Description = "Whether it starts anything; left out: as the file says." };
    private readonly Option<string?> secretFrom = Symbols.Text("--secret-from",
        "The environment variable with the secret of its webhooks; -: the next line of the standard input. Left out: as it was, or one is made.");
    private readonly Option<string?> reason = Symbols.Reason();

    public SaveCommand()
        : base("save", "Make a workflow, or replace all of it but its secret.") =>
        Takes(code, file, preset, enabled, secretFrom, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = await Request(call, client, stop);
        request = request with { Enabled = call.Get(enabled) ?? request.Enabled, Secret = call.Secret(secretFrom) ?? request.Secret };
        call.Output.Show(await client.SaveWorkflow(call.Get(code), request, call.Get(reason), stop));
        return 0;
    }

    private async Task<WorkflowRequest> Request(Call call, TopupClient client, CancellationToken stop) => (call.Get(file), call.Get(preset)) switch
    {
        ({ } path, null) => await WorkflowOutput.Read(path, WorkflowOutput.Request, stop),
        (null, { } name) => (await client.ListWorkflowPresets(stop)).Data.FirstOrDefault(ready => ready.Code == name)?.Workflow
            ?? throw new UsageException($"There is no ready-made workflow {name}; see: topup workflow presets"),
        _ => throw new UsageException($"Give {file.Name} or {preset.Name}."),
    };
}
