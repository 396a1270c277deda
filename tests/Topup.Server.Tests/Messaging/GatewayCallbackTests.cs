using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Shouldly;
using Topup.Contracts;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Messaging;

/// <summary>What a platform's own gateway tells later, signed as messages to it are signed.</summary>
public sealed class GatewayCallbackTests(SqliteMessageHost fixture) : MessageDeskTests(fixture), IClassFixture<SqliteMessageHost>
{
    [Fact]
    public async Task A_gateway_says_what_became_of_a_message_and_ends_an_unknown_outcome()
    {
        await using var gateway = await FakeGateway.Start();
        var (tenant, type, slug) = await Open(Http(gateway, Host.NewName("channel")), credits: 5);
        var channel = (await Client.GetMessageDriver(slug, Stop)).Channel;
        var sent = await Client.SendMessage(Text(tenant, channel), stop: Stop);
        await Until(sent, "sent");
        gateway.Reply(500);
        var (lost, gone) = (await Client.SendMessage(Text(tenant, channel), stop: Stop), await Client.SendMessage(Text(tenant, channel), stop: Stop));
        await Until(lost, "unknown");
        await Until(gone, "unknown");

        foreach (var (reply, status) in new[] { (sent, "delivered"), (sent, "failed"), (lost, "undelivered"), (gone, "failed") })
            (await Tell(slug, new GatewayCallback { Id = reply.Message.Id, Status = status, Reason = "no_handset" })).ShouldBe(HttpStatusCode.NoContent);

        (await Client.GetMessage(sent.Message.Id, Stop)).Status.ShouldBe("delivered");
        (await Client.GetMessage(lost.Message.Id, Stop)).ShouldSatisfyAllConditions(
            message => message.Status.ShouldBe("undelivered"), message => message.Reason.ShouldBe("no_handset"));
        (await Client.GetMessage(gone.Message.Id, Stop)).Status.ShouldBe("failed");
        (await Left(tenant, type)).ShouldBe((3, 0));
    }

    [Fact]
    public async Task What_is_forged_old_or_of_another_driver_is_nothing()
    {
        await using var gateway = await FakeGateway.Start();
        var (tenant, _, slug) = await Open(Http(gateway, Host.NewName("channel")), credits: 5);
        var channel = (await Client.GetMessageDriver(slug, Stop)).Channel;
        var reply = await Client.SendMessage(Text(tenant, channel), stop: Stop);
        await Until(reply, "sent");
        var other = Host.NewName("driver");
        await Client.SaveMessageDriver(other, Http(gateway, Host.NewName("channel")), stop: Stop);
        var told = new GatewayCallback { Id = reply.Message.Id, Status = "delivered" };

        (await Tell(slug, told, secret: "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).ShouldBe(HttpStatusCode.Forbidden);
        (await Tell(slug, told, at: Host.Clock.GetUtcNow().AddMinutes(-6))).ShouldBe(HttpStatusCode.Forbidden);
        (await Tell(slug, told, at: Host.Clock.GetUtcNow().AddMinutes(6))).ShouldBe(HttpStatusCode.Forbidden);
        (await Tell(other, told)).ShouldBe(HttpStatusCode.NoContent);
        (await Tell(slug, told with { Id = "nothing" })).ShouldBe(HttpStatusCode.NoContent);
        (await Tell(slug, told with { Status = "eaten" })).ShouldBe(HttpStatusCode.NoContent);
        using var bare = await Host.NewHttp("").PostAsync($"/webhooks/messages/{slug}", new StringContent("{}"), Stop);
        bare.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Client.GetMessage(reply.Message.Id, Stop)).Status.ShouldBe("sent");
        (await Tell(slug, told)).ShouldBe(HttpStatusCode.NoContent);
        (await Client.GetMessage(reply.Message.Id, Stop)).Status.ShouldBe("delivered");
    }

    private async Task<HttpStatusCode> Tell(string slug, GatewayCallback told, string secret = Secret, DateTimeOffset? at = null)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(told, TopupJson.Default.GatewayCallback);
        var (id, timestamp) = ("msg_1", (at ?? Host.Clock.GetUtcNow()).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/webhooks/messages/{slug}") { Content = new ByteArrayContent(body) };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature",
            "v1,none v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[6..]), (byte[])[.. Encoding.ASCII.GetBytes($"{id}.{timestamp}."), .. body])));
        using var http = Host.NewHttp("");
        using var response = await http.SendAsync(request, Stop);
        return response.StatusCode;
    }
}
