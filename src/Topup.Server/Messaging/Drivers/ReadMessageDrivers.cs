using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Messaging.Drivers;

/// <summary>The drivers there are, and which of them send.</summary>
internal sealed class ReadMessageDrivers(MessageDrivers drivers)
{
    public async Task<IResult> Handle(HttpContext context) =>
        Reply.Of<Page<MessageDriverView>>(new Page<MessageDriverView> { Data = await All(context.RequestAborted) }, Json.Wire.PageMessageDriverView);

    public async Task<IResult> HandleOne(HttpContext context, string slug) =>
        (await All(context.RequestAborted)).FirstOrDefault(driver => driver.Slug == slug) is { } found
            ? Reply.Of<MessageDriverView>(found, Json.Wire.MessageDriverView)
            : MessageProblems.DriverUnknown().AsResult();

    public async Task<IReadOnlyList<MessageDriverView>> All(CancellationToken stop)
    {
        var all = await drivers.All(stop);
        return [.. all.Select(driver => View(driver, all))];
    }

    /// <summary>All that is saved of a driver but its secrets, to be changed and saved again; null: there is none of this name.</summary>
    public async Task<MessageDriverRequest?> Settings(string slug, CancellationToken stop) =>
        (await drivers.All(stop)).Find(driver => driver.Slug == slug)?.Settings;

    private static MessageDriverView View(MessageDriver driver, List<MessageDriver> all) =>
        DriverForm.View(driver, MessageDrivers.Sending(all, driver.Settings.Channel)?.Slug == driver.Slug);
}
