using System.Text.Json;
using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Api;

/// <summary>Reads a refusal and checks what every refusal owes.</summary>
internal static class ProblemReader
{
    public static async Task<Problem> Read(HttpResponseMessage response, string about)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            ((int)response.StatusCode).ShouldBeInRange(400, 499, $"{about} -> {text}");
            response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", about);
            var problem = JsonSerializer.Deserialize(text, TopupJson.Default.Problem).ShouldNotBeNull(about);
            problem.Status.ShouldBe((int)response.StatusCode, about);
            problem.Type.ShouldBe("urn:topup:problem:" + problem.Code, about);
            problem.Title.ShouldNotBeEmpty(about);
            problem.Detail.ShouldNotBeEmpty(about);
            text.ShouldNotContain("   at ", Case.Sensitive, about);
            text.ShouldNotContain("Exception", Case.Sensitive, about);
            return problem;
        }
    }
}
