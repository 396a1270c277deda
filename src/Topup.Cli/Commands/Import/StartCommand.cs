using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Import;

internal sealed class StartCommand : Verb
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly Argument<string> kind = new("kind") { Description = "tenants or grants." };
    private readonly Argument<string> file = new("file") { Description = "A CSV file in UTF-8 with a header, at most 10 MB and 100,000 rows." };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Only say what is wrong with it." };
    private readonly Option<bool> wait = new("--wait") { Description = "Until it is done; ends with 1 when rows were not done." };
    private readonly Option<string?> key = Symbols.IdempotencyKey();
    private readonly Option<string?> reason = Symbols.Reason();

    public StartCommand()
        : base("start", "Import a file of tenants or grants; it is checked whole first. Ends with 1 when anything is wrong with it.") =>
        Takes(kind, file, dryRun, wait, key, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var csv = await Read(call.Get(file), stop);
        if (call.Get(dryRun)) return Checked(call, await client.CheckImport(call.Get(kind), csv, stop));
        var import = (await client.StartImport(call.Get(kind), csv, call.Get(key), call.Get(reason), stop)).Import!;
        while (call.Get(wait) && import.Status is "waiting" or "running")
        {
            await Task.Delay(Look, stop);
            import = await client.GetImport(import.Id, stop);
        }
        call.Output.Show(import);
        return call.Get(wait) && import.Done < import.Rows ? 1 : 0;
    }

    private static int Checked(Call call, ImportReply reply)
    {
        call.Output.Show(reply, TopupJson.Default.ImportReply, ("kind", reply.Kind), ("rows", reply.Rows), ("errors", reply.ErrorsFound),
            ("credits", reply.Totals.Select(total => FormattableString.Invariant($"{total.Key} {total.Value}"))));
        foreach (var error in reply.Errors) call.Output.Say($"line {error.Line}{(error.Column is { } column ? $", column {column}" : "")}: {error.Detail}");
        return reply.ErrorsFound == 0 ? 0 : 1;
    }

    private static async Task<byte[]> Read(string path, CancellationToken stop)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, stop);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new UsageException("The file cannot be read: " + wrong.Message);
        }
    }
}
