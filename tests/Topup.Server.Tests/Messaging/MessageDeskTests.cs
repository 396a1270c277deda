using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Contracts;
using Topup.Server.Messaging;
using Topup.Testing.Fakes;

namespace Topup.Server.Tests.Messaging;

/// <summary>What tests of messages have in common: a channel with one driver, a tenant with credits, and messages that are waited for.</summary>
public abstract class MessageDeskTests(MessageHost fixture) : ServerTests(fixture)
{
    private protected const string Phone = "+5511998765432";
    private protected const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private protected MessageWorker Worker => Host.Services.GetRequiredService<MessageWorker>();

    private protected Task<int> Work() => Worker.Run(Stop);

    /// <summary>A tenant with credits of the channel, which has this driver alone.</summary>
    private protected async Task<(string Tenant, string Type, string Driver)> Open(MessageDriverRequest driver, decimal credits)
    {
        foreach (var other in await All(Client.ListCreditTypes(Stop)))
            if (other.Channel == driver.Channel)
                await Client.SaveCreditType(other.Code, new CreditTypeRequest { Name = other.Name, Unit = other.Unit, Decimals = other.Decimals }, stop: Stop);
        foreach (var other in (await Client.ListMessageDrivers(Stop)).Data)
            if (other.Channel == driver.Channel) await Client.DeleteMessageDriver(other.Slug, stop: Stop);
        var (type, slug) = (Host.NewName("type"), Host.NewName("driver"));
        await Client.SaveCreditType(type, new CreditTypeRequest { Name = type, Unit = "message", Decimals = 0, Channel = driver.Channel }, stop: Stop);
        await Client.SaveMessageDriver(slug, driver, stop: Stop);
        var tenant = await Host.NewTenant();
        if (credits > 0) await Host.Grant(tenant, type, credits);
        return (tenant, type, slug);
    }

    private protected static MessageDriverRequest Http(FakeGateway gateway, string channel) =>
        new() { Kind = "http", Channel = channel, Url = gateway.Url, AllowPrivate = true, Secret = Secret };

    private protected static MessageRequest Text(string tenant, string channel, string to = Phone, string text = "Hello") =>
        new() { Tenant = tenant, Channel = channel, To = to, Text = text };

    /// <summary>The message once it has a status. The server looks for messages as soon as one is there.</summary>
    private protected async Task<MessageView> Until(MessageReply reply, string status, int minAttempts = 0)
    {
        for (var i = 0; i < 400; i++)
        {
            var message = await Client.GetMessage(reply.Message.Id, Stop);
            if (message.Status == status && message.Attempts >= minAttempts) return message;
            await Task.Delay(25, Stop);
        }
        var last = await Client.GetMessage(reply.Message.Id, Stop);
        last.Status.ShouldBe(status);
        return last;
    }

    private protected async Task<(decimal Total, decimal Held)> Left(string tenant, string type)
    {
        var left = (await Client.GetPool(tenant, type, Stop)).Remaining;
        return (left.Total, left.Held);
    }
}
