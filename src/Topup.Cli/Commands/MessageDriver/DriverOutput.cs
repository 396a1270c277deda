using Topup.Contracts;

namespace Topup.Cli.Commands.MessageDriver;

/// <summary>How a driver looks, whichever command shows it.</summary>
internal static class DriverOutput
{
    public static void Show(this Output output, MessageDriverView driver) => output.Show(driver, TopupJson.Default.MessageDriverView,
        ("slug", driver.Slug), ("kind", driver.Kind), ("channel", driver.Channel), ("enabled", driver.Enabled), ("sends", driver.Sends),
        ("try-out", driver.TryOut), ("missing", driver.Missing), ("priority", driver.Priority), ("concurrency", driver.Concurrency),
        ("credits per", driver.CreditsPer), ("url", driver.Url), ("allow private", driver.AllowPrivate), ("host", driver.Host),
        ("port", driver.Port), ("security", driver.Security), ("username", driver.Username), ("auth", driver.Auth), ("from", driver.From),
        ("from name", driver.FromName), ("account sid", driver.AccountSid), ("api key sid", driver.ApiKey), ("messaging service sid", driver.MessagingServiceSid),
        ("api base", driver.ApiBase), ("hears callbacks", driver.HearsCallbacks));
}
