using Topup.Contracts;
using Topup.Domain.Messaging;
using Topup.Server.Http;

namespace Topup.Server.Messaging.Drivers;

/// <summary><c>POST /v1/message-drivers/{slug}/test</c>: sends one message through a driver, enabled or not, without any credits.</summary>
internal sealed class TestMessageDriver(MessageDrivers drivers)
{
    private const string Text = "This is a test of Topup.";

    public async Task<IResult> Handle(HttpContext context, string slug)
    {
        var body = await Body.Read(context, Json.Wire.TestMessageDriverRequest);
        return body.Problem is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(slug, body.Value, context.RequestAborted), Json.Wire.TestMessageDriverReply);
    }

    public async Task<Outcome<TestMessageDriverReply>> Run(string slug, TestMessageDriverRequest asked, CancellationToken stop)
    {
        if ((await drivers.All(stop)).Find(driver => driver.Slug == slug) is not { } driver) return MessageProblems.DriverUnknown();
        var channel = driver.Settings.Channel;
        if (MessageForm.Recipient("to", channel, asked.To) is { } invalid) return invalid;
        if (driver.Missing is { } missing) return Problems.Of(409, ProblemCodes.NoMessageDriver, missing, "slug");
        var message = new OutgoingMessage(new MessageId("test", Guid.NewGuid().ToString("n")), channel, "transactional", "",
            new MessageContent(asked.To, channel == MessageForm.Email ? Text : "", Text, ""));
        var result = await drivers.KindOf(driver.Settings.Kind)!.Send(message, driver, CancellationToken.None);
        return new TestMessageDriverReply
        {
            Outcome = result.Outcome switch
            {
                SendOutcome.Accepted => "accepted", SendOutcome.Refused => "refused", SendOutcome.Later => "later", SendOutcome.Unknown => "unknown",
            },
            Reason = MessageForm.TextOrNull(result.Reason),
            ProviderId = result.ProviderId == LogDriver.ProviderId ? null : MessageForm.TextOrNull(result.ProviderId),
            Segments = result.Segments,
            TryOut = result.ProviderId == LogDriver.ProviderId ? true : null,
        };
    }
}
