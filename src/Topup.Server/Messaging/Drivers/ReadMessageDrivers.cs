using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Messaging.Drivers;

/// <summary>The drivers there are, and which of them send.</summary>
internal sealed class ReadMessageDrivers(MessageDrivers drivers)
{
    public async Task<IResult> Handle(HttpContext context)
    {
        var all = await drivers.All(context.RequestAborted);
        return Reply.Of<Page<MessageDriverView>>(new Page<MessageDriverView> { Data = [.. all.Select(driver => View(driver, all))] }, Json.Wire.PageMessageDriverView);
    }

    public async Task<IResult> HandleOne(HttpContext context, string slug)
    {
        var all = await drivers.All(context.RequestAborted);
        return all.Find(driver => driver.Slug == slug) is { } found
            ? Reply.Of<MessageDriverView>(View(found, all), Json.Wire.MessageDriverView)
            : MessageProblems.DriverUnknown().AsResult();
    }

    private static MessageDriverView View(MessageDriver driver, List<MessageDriver> all) =>
        DriverForm.View(driver, MessageDrivers.Sending(all, driver.Settings.Channel)?.Slug == driver.Slug);
}
