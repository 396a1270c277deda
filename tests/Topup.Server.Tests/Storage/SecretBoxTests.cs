using Shouldly;
using Topup.Server.Storage;
using Xunit;

namespace Topup.Server.Tests.Storage;

public sealed class SecretBoxTests
{
    private static readonly byte[] First = [.. Enumerable.Repeat((byte)1, SecretBox.KeyLength)];
    private static readonly byte[] Second = [.. Enumerable.Repeat((byte)2, SecretBox.KeyLength)];

    [Fact]
    public void What_is_sealed_opens_again_and_never_looks_the_same_twice()
    {
        var box = new SecretBox([First]);
        var sealedOnce = box.Seal("stripe.secret_key", "sk_live_ü");
        Opened(box, "stripe.secret_key", sealedOnce).ShouldBe((SecretFailure.None, "sk_live_ü"));
        box.Seal("stripe.secret_key", "sk_live_ü").ShouldNotBe(sealedOnce);
    }

    [Fact]
    public void Any_byte_that_is_altered_is_noticed()
    {
        var box = new SecretBox([First]);
        var whole = box.Seal("name", "secret");
        for (var at = 0; at < whole.Length; at++)
        {
            var altered = (byte[])whole.Clone();
            altered[at] ^= 1;
            Opened(box, "name", altered).ShouldSatisfyAllConditions(
                opened => opened.Failure.ShouldNotBe(SecretFailure.None, $"byte {at}"), opened => opened.Secret.ShouldBeEmpty());
        }
        for (var length = 0; length < whole.Length; length++) Opened(box, "name", whole[..length]).Failure.ShouldBe(SecretFailure.Damaged);
    }

    [Fact]
    public void A_secret_cannot_be_passed_off_under_another_name() =>
        Opened(new SecretBox([First]), "mercadopago.access_token", new SecretBox([First]).Seal("stripe.secret_key", "secret")).Failure.ShouldBe(SecretFailure.Damaged);

    [Fact]
    public void A_new_first_key_seals_and_the_old_one_still_opens()
    {
        var old = new SecretBox([First]).Seal("name", "secret");
        var both = new SecretBox([Second, First]);
        Opened(both, "name", old).ShouldBe((SecretFailure.None, "secret"));
        (both.IsOfFirstKey(old), both.IsOfFirstKey(both.Seal("name", "secret"))).ShouldBe((false, true));
        Opened(new SecretBox([Second]), "name", old).Failure.ShouldBe(SecretFailure.KeyMissing);
    }

    private static (SecretFailure Failure, string Secret) Opened(SecretBox box, string name, byte[] sealedSecret)
    {
        var failure = box.Open(name, sealedSecret, out var secret);
        return (failure, secret);
    }
}
