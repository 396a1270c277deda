using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Cli;

public sealed class MessageCommandTests(SqliteHost host) : CommandTests(host), IClassFixture<SqliteHost>
{
    [Fact]
    public async Task A_driver_is_saved_and_tested_and_messages_are_sent_looked_at_and_refused_by_commands_only()
    {
        await Client.SaveCreditType("letters", new CreditTypeRequest { Name = "Letters", Unit = "letter", Decimals = 0, Channel = "post" }, stop: Stop);
        var tenant = await Host.NewTenant();
        await Host.Grant(tenant, "letters", 1);

        (await Json("message-driver", "save", "dry", "--kind", "log", "--channel", "post")).GetProperty("try_out").GetBoolean().ShouldBeTrue();
        (await Done("message-driver", "list")).ShouldContain("dry");
        (await Done("message-driver", "test", "dry", "--to", "Somebody")).ShouldContain("accepted");
        var sent = await Json("message", "send", tenant, "post", "--to", "Somebody", "--text", "Hello", "--idempotency-key", "k");
        var id = Text(sent.GetProperty("message"), "id")!;
        (await Done("message", "send", tenant, "post", "--to", "Somebody", "--text", "Hello", "--idempotency-key", "k")).ShouldContain("yes");
        (await Done("message", "show", id)).ShouldContain("Somebody");
        var (code, output, _) = await Run("message", "send", tenant, "post", "--to", "Somebody", "--text", "Hello");
        (code, output.Contains("insufficient_credits", StringComparison.Ordinal)).ShouldBe((1, true));
        (await Done("message", "list", tenant, "--status", "refused")).ShouldContain("insufficient_credits");
        (await Done("message", "stopped", tenant)).ShouldContain("post");
        (await Run("message", "resolve", id, "sent", "--reason", "x")).Error.ShouldContain("message_not_unknown");
        (await Done("message", "list", "--channel", "post")).ShouldContain(id);

        (await Done("message-template", "save", "hello", "--channel", "post", "--text", "Hello {name}")).ShouldContain("name");
        (await Done("message-template", "list")).ShouldContain("hello");
        await Host.Grant(tenant, "letters", 1);
        var filled = await Json("message", "send", tenant, "post", "--to", "Somebody", "--template", "hello", "--variable", "name=Ana");
        Text(filled.GetProperty("message"), "text").ShouldBe("Hello Ana");
        await Done("message-template", "delete", "hello");

        var suppression = Text(await Json("suppression", "add", "post", "Somebody", "--because", "moved"), "id")!;
        (await Done("suppression", "list", "--channel", "post")).ShouldContain("moved");
        (await Done("suppression", "find", "post", "Somebody")).ShouldContain(suppression);
        (await Run("message", "send", tenant, "post", "--to", "Somebody", "--text", "Hello")).Output.ShouldContain("recipient_suppressed");
        await Done("suppression", "delete", suppression);
        await Done("message-driver", "delete", "dry");
        (await Run("message-driver", "delete", "dry")).Code.ShouldBe(1);
    }
}
