using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Topup.Server.Tenancy.Operators;

/// <summary>
/// A form of the staff's pages that makes something. A browser that sends it twice shows only the second answer, so that one has
/// to say what the first made, secrets with it: they are made from the session's cookie and the form's own key, which only
/// the browser has. What is stored leads back to neither. What was typed goes in too: a form that is gone back to and changed is
/// another wish.
/// </summary>
/// <param name="Hash">What is kept of the form, once it has made something.</param>
/// <param name="Secret">256 bits for the one secret that it may make.</param>
internal sealed record SentForm(byte[] Hash, byte[] Secret)
{
    /// <summary>For how long a secret is shown to whoever sends the form again.</summary>
    public static readonly TimeSpan SecretFor = TimeSpan.FromMinutes(10);

    /// <param name="cookie">Of the session: 256 random bits.</param>
    /// <param name="key">The form's own, another on every page.</param>
    /// <param name="typed">All that was sent with it.</param>
    public static SentForm Of(string cookie, Guid key, string typed)
    {
        var wish = string.Create(CultureInfo.InvariantCulture, $"{key} {typed}");
        return new SentForm(Derive("topup sent form ", cookie, wish), Derive("topup secret of form ", cookie, wish));
    }

    /// <summary>A record would write the secret into a log.</summary>
    public override string ToString() => "form";

    private static byte[] Derive(string purpose, string cookie, string wish) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(cookie), Encoding.UTF8.GetBytes(purpose + wish));
}

/// <summary>What a form made when it was sent first.</summary>
/// <param name="Made">Its id or code.</param>
internal sealed record FormRow(byte[] Hash, string Made, long MadeAt);

/// <summary>The same form is being sent twice at once, and the other one was first: nothing of this one may be kept.</summary>
internal sealed class FormSentTwiceException() : Exception("The form has made something already.");
