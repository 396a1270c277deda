using System.Net;
using System.Text;
using Shouldly;
using Xunit;

namespace Topup.Web.Tests;

/// <summary>Forms as no browser would send them: refused with a page, never with a failure of the server.</summary>
public sealed class PageTokenTests(SqlitePanel panel) : IClassFixture<SqlitePanel>
{
    public static TheoryData<string, string> Broken => new()
    {
        { "application/json", "{}" },
        { "multipart/form-data", "no boundary" },
        { "multipart/form-data; boundary=x", "--x\r\nbroken" },
        { "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"" + new string('a', 100_000) },
        { "application/x-www-form-urlencoded", string.Join('&', Enumerable.Range(0, 5_000).Select(n => $"f{n}=1")) },
        { "application/x-www-form-urlencoded", "_handler=sign-in&email=%ZZ%00&_token=\0" },
        { "text/plain", "_handler=sign-in" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_form_that_is_none_is_refused(string contentType, string body)
    {
        using var http = panel.Host.NewHttp("");
        http.DefaultRequestHeaders.Add("Cookie", "topup-visitor=0123456789abcdef");
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var answer = await http.PostAsync(new Uri("/sign-in", UriKind.Relative), content, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("This form cannot be taken");
    }

    [Fact]
    public async Task A_form_from_another_site_is_refused()
    {
        using var http = panel.Host.NewHttp("");
        http.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        using var content = new FormUrlEncodedContent([new("_handler", "sign-in"), new("email", "a@example.com"), new("password", "x")]);
        using var answer = await http.PostAsync(new Uri("/sign-in", UriKind.Relative), content, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
