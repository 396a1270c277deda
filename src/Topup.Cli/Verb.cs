using System.CommandLine;
using System.Globalization;
using Topup.Client;

namespace Topup.Cli;

/// <summary>One command. A class for each, with its arguments as fields.</summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description)
        : base(name, description) => SetAction(async (parsed, stop) =>
        {
            using var client = ClientOf(parsed);
            return await Run(new Call(parsed), client, stop);
        });

    protected void Takes(params ReadOnlySpan<Symbol> symbols)
    {
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) Add(argument);
            else Add((Option)symbol);
        }
    }

    protected abstract Task<int> Run(Call call, TopupClient client, CancellationToken stop);

    /// <exception cref="UsageException">No server or no key was named.</exception>
    private static TopupClient ClientOf(ParseResult parsed)
    {
        var terminal = (Terminal)parsed.InvocationConfiguration;
        var url = parsed.GetValue(CommandLine.Url) ?? terminal.Variable("TOPUP_URL");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            throw new UsageException("Name the server with --url or TOPUP_URL, such as http://localhost:8080.");
        var key = parsed.GetValue(CommandLine.KeyFile) is { } file ? Read(file) : terminal.Variable("TOPUP_KEY");
        return string.IsNullOrWhiteSpace(key)
            ? throw new UsageException("Give the API key with TOPUP_KEY, or a file that holds it with --key-file.")
            : new TopupClient(server, key.Trim());
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new UsageException("The key file cannot be read: " + wrong.Message);
        }
    }
}

/// <summary>What one call says, and where its answer goes.</summary>
internal sealed class Call(ParseResult parsed)
{
    public Output Output => new(parsed.InvocationConfiguration.Output, parsed.GetValue(CommandLine.Json));

    public T Get<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>Copies what comes to a file, or where it names none to the output.</summary>
    public async Task Copy(StreamReader from, string? file, CancellationToken stop)
    {
        if (file is not null)
        {
            await using var target = File.Create(file);
            await from.BaseStream.CopyToAsync(target, stop);
            return;
        }
        var part = new char[8 * 1024];
        for (int read; (read = await from.ReadAsync(part, stop)) > 0;) await parsed.InvocationConfiguration.Output.WriteAsync(part.AsMemory(0, read), stop);
    }

    /// <summary>The exit code of an answer that may be a refusal, which is said on the error stream too.</summary>
    public int Answered(bool isAllowed, string? reason)
    {
        if (!isAllowed) parsed.InvocationConfiguration.Error.WriteLine($"Refused ({reason}).");
        return isAllowed ? 0 : 1;
    }

    /// <summary>
    /// A secret from where an option says: an environment variable, or with <c>-</c> the next line of the standard input.
    /// The option's own value may be a secret that was given by mistake, so it is never shown.
    /// </summary>
    public string? Secret(Option<string?> option)
    {
        if (parsed.GetValue(option) is not { } from) return null;
        var terminal = (Terminal)parsed.InvocationConfiguration;
        var secret = (from == "-" ? terminal.Input.ReadLine() : terminal.Variable(from))?.Trim();
        return string.IsNullOrEmpty(secret)
            ? throw new UsageException($"{option.Name} must name an environment variable that holds the secret, or be - to read a line of the standard input.")
            : secret;
    }

    /// <summary>Writes bytes to a file.</summary>
    public static async Task Save(string path, byte[] bytes, CancellationToken stop)
    {
        try
        {
            await File.WriteAllBytesAsync(path, bytes, stop);
        }
        catch (UnauthorizedAccessException wrong)
        {
            throw new UsageException("The file cannot be written: " + wrong.Message);
        }
    }

    /// <summary>Pairs of the form <c>name=value</c>.</summary>
    public Dictionary<string, string> Pairs(Option<string[]> option)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in parsed.GetValue(option) ?? [])
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || !pairs.TryAdd(text[..at], text[(at + 1)..]))
                throw new UsageException($"{option.Name} must be name=value, each name once, not '{text}'.");
        }
        return pairs;
    }

    public static decimal Number(string name, string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new UsageException($"{name} must be a number, not '{text}'.");
}
