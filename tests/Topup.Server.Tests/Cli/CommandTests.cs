using System.Text.Json;
using Shouldly;
using Topup.Cli;
using Topup.Testing;

namespace Topup.Server.Tests.Cli;

/// <summary>Commands in this process, against a real server, with full rights.</summary>
public abstract class CommandTests(HostFixture host) : ServerTests(host)
{
    /// <summary>Environment variables of the commands.</summary>
    private protected Dictionary<string, string> Variables { get; } = [];

    /// <summary>What stands on the standard input of the next command.</summary>
    private protected string Input { get; set; } = "";

    private protected async Task<string> Done(params string[] args)
    {
        var (code, output, error) = await Run(args);
        code.ShouldBe(0, $"{string.Join(' ', args)}: {error}");
        return output;
    }

    private protected async Task<JsonElement> Json(params string[] args) => JsonElement.Parse(await Done([.. args, "--json"]));

    private protected async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var input = new StringReader(Input);
        var code = await CommandLine.Run(args, output, error, Variable(), input);
        return (code, output.ToString(), error.ToString());
    }

    private protected Func<string, string?> Variable() =>
        name => name == "TOPUP_URL" ? Host.Url.ToString() : name == "TOPUP_KEY" ? TestHost.BootstrapKey : Variables.GetValueOrDefault(name);

    private protected static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
