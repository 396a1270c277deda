using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shouldly;
using Topup.Server.Http;
using Xunit;

namespace Topup.Server.Tests.Http;

public sealed class TrustedProxiesTests
{
    [Theory]
    [InlineData("10.0.0.0/8, 192.0.2.7", "10.1.2.3", "203.0.113.5", "203.0.113.5", "https")]
    [InlineData("10.0.0.0/8, 192.0.2.7", "192.0.2.7", "203.0.113.5", "203.0.113.5", "https")]
    [InlineData("10.0.0.0/8", "10.1.2.3", "198.51.100.66, 203.0.113.5, 10.9.9.9", "203.0.113.5", "https")]
    [InlineData("10.0.0.0/8", "203.0.113.5", "198.51.100.66", "203.0.113.5", "http")]
    [InlineData("10.0.0.0/8", "127.0.0.1", "198.51.100.66", "127.0.0.1", "http")]
    [InlineData("2001:db8::/32", "2001:db8::1", "2001:db9::5", "2001:db9::5", "https")]
    public async Task Only_a_trusted_proxy_says_for_whom_it_asks(string trusted, string from, string forwarded, string address, string scheme)
    {
        var context = new DefaultHttpContext();
        context.Request.Scheme = "http";
        context.Connection.RemoteIpAddress = IPAddress.Parse(from);
        context.Request.Headers["X-Forwarded-For"] = forwarded;
        context.Request.Headers["X-Forwarded-Proto"] = string.Join(", ", forwarded.Split(',').Select(_ => "https"));
        var middleware = new ForwardedHeadersMiddleware(_ => Task.CompletedTask, NullLoggerFactory.Instance, Options.Create(new TrustedProxies(trusted).Options()));
        await middleware.Invoke(context);
        (context.Connection.RemoteIpAddress.ToString(), context.Request.Scheme).ShouldBe((address, scheme));
    }

    [Fact]
    public void Nobody_is_trusted_unless_the_operator_says_so()
    {
        new TrustedProxies(null).Any.ShouldBeFalse();
        new TrustedProxies(" , ").Any.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => new TrustedProxies("10.0.0.0/8, proxy.example.com")).Message.ShouldContain("proxy.example.com");
    }
}
