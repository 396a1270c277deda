namespace Topup.Domain.Tenancy;

/// <summary>Why a password cannot be one, in the order in which it is checked.</summary>
public enum PasswordRefusal
{
    None,
    TooShort,
    TooLong,
    HasEmail,
    TooCommon,
}

/// <summary>
/// Which passwords are taken: long ones, whatever they are made of (NIST SP 800-63B-4, 3.1.1.2: length and a list of what
/// is commonly used, no rules of composition).
/// </summary>
public static class PasswordRules
{
    public const int LengthMin = 12;
    public const int LengthMax = 200;

    /// <summary>A shorter name in an e-mail address is a word like any other.</summary>
    private const int NameLengthMin = 6;

    /// <summary>The longest piece that makes no password by being repeated.</summary>
    private const int PieceLengthMax = 4;

    /// <summary>
    /// What stands in published lists of leaked passwords, or is made of what leads them (123456, password, qwerty, admin,
    /// welcome, a walk over the keyboard, a year), and is long enough. Small letters; upper case makes none of it better.
    /// </summary>
    private static readonly HashSet<string> Common = new(StringComparer.Ordinal)
    {
        "123456789012", "1234567890123", "12345678901234", "123456789012345", "1234567890123456", "12345678901234567890",
        "012345678910", "0123456789012", "098765432109", "098765432100", "987654321098", "9876543210123", "123456789101", "12345678910111",
        "1234567891011", "123456789123", "123456789123456789", "123456781234", "1234567812345678", "123456654321", "1234567887654321",
        "112233445566", "11223344556677", "102030405060", "010203040506", "147258369147", "147258369000", "789456123000", "159753456852",
        "abcdefghijkl", "abcdefghijklm", "abcdefghijklmnop", "abcdefghijklmnopqrstuvwxyz", "abcdefg12345", "abcdefg123456", "abcdef123456",
        "abcdef1234567", "abcd12345678", "abcd123456789", "abc123456789", "abc1234567890", "123456789abc", "123456abcdef", "a1b2c3d4e5f6",
        "a123456789012", "aa1234567890", "aaa123456789", "asd123456789", "asdf12345678", "asdfghjkl123", "asdfghjkl1234", "asdfghjklasdfghjkl",
        "asdfghjklzxcvbnm", "asdfghjklqwertyuiop", "asdfqwerzxcv", "qwerasdfzxcv", "qwer1234asdf", "qwer12345678", "qwerty123456", "qwerty1234567",
        "qwerty12345678", "qwerty123456789", "qwertyqwerty", "qwertyuiop12", "qwertyuiop123", "qwertyuiop1234", "qwertyuiop12345",
        "qwertyuiop123456", "qwertyuiopas", "qwertyuiopasdf", "qwertyuiopasdfghjkl", "qwertyuiopasdfghjklzxcvbnm", "qwertyasdfgh", "qwertyasdfghzxcvbn",
        "qwertyuiop[]", "qwe123456789", "qweasdzxc123", "qweasdzxcqweasdzxc", "qweqweqwe123", "qazwsxedcrfv", "qazwsxedcrfvtgb", "qazwsxedc123",
        "qazwsx123456", "qaz123456789", "1qaz2wsx3edc", "1qaz2wsx3edc4rfv", "1qaz!qaz2wsx", "1qazxsw23edc", "1qaz@wsx3edc", "!qaz2wsx3edc", "zaq12wsxcde3",
        "zaq1xsw2cde3", "zaq!2wsxcde3", "1q2w3e4r5t6y", "1q2w3e4r5t6y7u", "1q2w3e4r5t6y7u8i", "1q2w3e4r5t6y7u8i9o0p", "1q2w3e4r5t123", "q1w2e3r4t5y6", "q1w2e3r4t5y6u7",
        "q1w2e3r4t5y6u7i8", "zxcvbnm12345", "zxcvbnm123456", "zxcvbnm123456789", "zxcvbnmasdfghjkl", "zxcvbnmzxcvbnm", "azertyuiop12", "azertyuiop123", "azerty123456",
        "password1234", "password12345", "password123456", "password1234567", "password123456789", "password2023", "password2024", "password2025", "password2026",
        "password123!", "password@123", "password@1234", "password#123", "password1234!", "passwordpassword", "password12!@", "p@ssw0rd1234", "p@ssword1234", "p@ssw0rd123!",
        "p@ssw0rdp@ssw0rd", "passw0rd1234", "passw0rd123!", "mypassword12", "mypassword123", "mypassword1234", "thisismypassword", "yourpassword", "newpassword1", "newpassword12",
        "newpassword123", "secretpassword", "defaultpassword", "adminpassword", "rootpassword", "temppassword", "testpassword", "testpassword1", "passwort1234", "passwort12345",
        "motdepasse12", "motdepasse123", "contrasena12", "contrasena123", "contraseña12", "contraseña123", "senha1234567", "senha12345678", "senha123456789", "sifre1234567",
        "admin1234567", "admin12345678", "admin123456789", "adminadmin12", "adminadmin123", "adminadminadmin", "admin@123456", "admin@1234567", "admin@12345678", "administrator",
        "administrator1", "administrator12", "administrator123", "administrador", "administrador1", "administrateur", "rootroot1234", "rootrootroot", "superadmin12", "superadmin123",
        "useruser1234", "test12345678", "test123456789", "testtest1234", "testtest12345", "testtesttest", "testing12345", "testing123456", "guest1234567", "demo12345678",
        "welcome12345", "welcome123456", "welcome1234!", "welcome@1234", "welcome@12345", "welcome2023!", "welcome2024!", "welcome2025!", "welcome2026!", "welcomewelcome",
        "letmein12345", "letmein123456", "letmeinletmein", "letmeinplease", "changeme1234", "changeme12345", "changemechangeme", "changemeplease", "changemenow1", "changeit1234",
        "iloveyou1234", "iloveyou12345", "iloveyou123456", "iloveyouforever", "iloveyousomuch", "iloveyoubaby", "iloveyou2024", "iloveyou2025", "iloveyouiloveyou", "loveyouforever",
        "iloveyou123!", "ilovemyfamily", "trustno1trustno1", "sunshine1234", "princess1234", "football1234", "baseball1234", "superman1234", "basketball12", "basketball123",
        "liverpool123", "liverpool1234", "manchester12", "manchester123", "manchesterunited", "chelsea12345", "barcelona123", "barcelona1234", "realmadrid12", "realmadrid123",
        "galatasaray1", "galatasaray1905", "fenerbahce1907", "fenerbahce12", "starwars1234", "dragonball12", "dragonballz1", "charlie12345", "michael12345", "jordan123456",
        "pokemon12345", "minecraft123", "minecraft1234", "facebook1234", "whatever1234", "computer1234", "internet1234", "butterfly123", "chocolate123", "unbelievable",
        "theworldinyourhand", "correcthorsebatterystaple", "summer2023!!", "summer2024!!", "summer2025!!", "winter2024!!", "winter2025!!", "january12345", "december1234", "bismillah123",
        "bismillah786", "pakistan1234", "india1234567", "brasil123456", "turkiye12345", "woaini123456", "woaini1314520", "5201314woaini", "1314520woaini", "aa123456789a",
    };

    /// <summary>What is wrong with a new password of who has this e-mail address.</summary>
    public static PasswordRefusal Check(string password, string email)
    {
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(email);
        if (password.Length < LengthMin) return PasswordRefusal.TooShort;
        if (password.Length > LengthMax) return PasswordRefusal.TooLong;
        if (Has(password, email)) return PasswordRefusal.HasEmail;
        return IsOnePiece(password) || Common.Contains(password.ToLowerInvariant()) ? PasswordRefusal.TooCommon : PasswordRefusal.None;
    }

    private static bool Has(string password, string email)
    {
        if (email.Length == 0) return false;
        var name = email.Split('@')[0];
        return password.Contains(email, StringComparison.OrdinalIgnoreCase)
            || (name.Length >= NameLengthMin && password.Contains(name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether it is a short piece again and again, such as <c>abcabcabcabc</c>.</summary>
    private static bool IsOnePiece(string password)
    {
        for (var length = 1; length <= PieceLengthMax; length++)
        {
            var isOne = true;
            for (var i = length; i < password.Length && isOne; i++) isOne = password[i] == password[i - length];
            if (isOne) return true;
        }
        return false;
    }
}
