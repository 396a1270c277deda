using Shouldly;
using Topup.Domain.Messaging;
using Xunit;

namespace Topup.Domain.Tests.Messaging;

public sealed class RecipientTests
{
    [Theory]
    [InlineData("email", "Ana@Example.COM", "ana@example.com")]
    [InlineData("email", "ana@ação.example", "ana@xn--ao-siap.example")]
    [InlineData("email", "ana@-.example", "ana@-.example")]
    [InlineData("sms", "+5511998765432", "+5511998765432")]
    [InlineData("post", "Rua A", "Rua A")]
    public void One_who_is_reached_by_several_spellings_is_one(string channel, string to, string canonical) => Recipient.Canonical(channel, to).ShouldBe(canonical);

    [Theory]
    [InlineData("sms", "+5511998765432", "+55…5432")]
    [InlineData("whatsapp", "+12025550123", "+12…0123")]
    [InlineData("sms", "+12345678", "+…")]
    [InlineData("email", "ana.maria@example.com", "a…@example.com")]
    [InlineData("email", "é\u0301a@example.com", "é\u0301…@example.com")]
    [InlineData("post", "Rua A, 5", "R…")]
    [InlineData("post", "", "…")]
    public void It_is_shown_so_that_only_those_who_know_it_know_it_again(string channel, string to, string masked) => Recipient.Masked(channel, to).ShouldBe(masked);
}
