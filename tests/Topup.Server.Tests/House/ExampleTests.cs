using System.Diagnostics;
using Shouldly;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.House;

/// <summary>The examples, run as anyone would run them, against a real server and a real mailbox.</summary>
public sealed class ExampleTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mails_flow_until_the_credits_end_and_a_purchase_resumes_them_on_sqlite() => await Run(DatabaseKind.Sqlite);

    [Fact]
    public async Task Mails_flow_until_the_credits_end_and_a_purchase_resumes_them_on_postgres() =>
        await Run(DatabaseKind.Postgres, "--Topup:SecretKey=" + Convert.ToBase64String(new byte[32]));

    private static async Task Run(DatabaseKind kind, params string[] settings)
    {
        await using var host = await TestHost.Start(kind, ["--Topup:Demo=true", .. settings]);
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "examples/messages-and-workflows.sh"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TOPUP_URL"] = host.Url.ToString().TrimEnd('/');
        start.Environment["TOPUP_KEY"] = TestHost.BootstrapKey;
        using var script = Process.Start(start)!;
        var errors = script.StandardError.ReadToEndAsync(Stop);
        var output = await script.StandardOutput.ReadToEndAsync(Stop);
        await script.WaitForExitAsync(Stop);

        (await errors).ShouldBeEmpty();
        script.ExitCode.ShouldBe(0, output);
        output.ShouldContain("insufficient_credits");
        output.ShouldContain("| Subject: Studio: no E-mail credits left");
        output.ShouldContain(
            """
               | Subject: Thanks for your top-up, Studio
               | Top-up: 10,000 e-mails
               | Type: E-mail
               | Credits: 10,000
               | Price: $9.00
               | Paid with: Balance
            """);
    }
}
