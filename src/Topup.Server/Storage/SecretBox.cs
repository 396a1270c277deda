using System.Security.Cryptography;
using System.Text;

namespace Topup.Server.Storage;

/// <summary>
/// Encrypts secrets that are stored: AES-256-GCM under the first key, with a new nonce for each. A sealed secret names its
/// key, so the others still open what was sealed under them, and is bound to its name, so that two cannot be swapped.
/// Layout: version (1 byte), key id (8), nonce (12), tag (16), cipher text.
/// </summary>
internal sealed class SecretBox
{
    public const int KeyLength = 32;

    private const byte Version = 1;
    private const int KeyIdLength = 8;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeaderLength = 1 + KeyIdLength;
    private const int CipherStart = HeaderLength + NonceLength + TagLength;

    private readonly (byte[] Id, byte[] Key)[] keys;

    /// <param name="keys">One or more of 32 bytes; the first seals.</param>
    public SecretBox(IEnumerable<byte[]> keys) => this.keys = [.. keys.Select(key => (SHA256.HashData(key)[..KeyIdLength], key))];

    public byte[] Seal(string name, string secret)
    {
        var text = Encoding.UTF8.GetBytes(secret);
        var box = new byte[CipherStart + text.Length];
        box[0] = Version;
        keys[0].Id.CopyTo(box, 1);
        var nonce = box.AsSpan(HeaderLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(keys[0].Key, TagLength);
        aes.Encrypt(nonce, text, box.AsSpan(CipherStart), box.AsSpan(HeaderLength + NonceLength, TagLength), BoundTo(box, name));
        CryptographicOperations.ZeroMemory(text);
        return box;
    }

    /// <param name="secret">Empty where there is a failure.</param>
    public SecretFailure Open(string name, byte[] box, out string secret)
    {
        secret = "";
        if (box.Length < CipherStart || box[0] != Version) return SecretFailure.Damaged;
        var key = Array.Find(keys, key => box.AsSpan(1, KeyIdLength).SequenceEqual(key.Id)).Key;
        if (key is null) return SecretFailure.KeyMissing;
        var text = new byte[box.Length - CipherStart];
        try
        {
            using var aes = new AesGcm(key, TagLength);
            aes.Decrypt(box.AsSpan(HeaderLength, NonceLength), box.AsSpan(CipherStart), box.AsSpan(HeaderLength + NonceLength, TagLength), text, BoundTo(box, name));
        }
        catch (AuthenticationTagMismatchException)
        {
            return SecretFailure.Damaged;
        }
        secret = Encoding.UTF8.GetString(text);
        CryptographicOperations.ZeroMemory(text);
        return SecretFailure.None;
    }

    /// <summary>Whether it was sealed under the first key.</summary>
    public bool IsOfFirstKey(byte[] box) => box.Length >= CipherStart && box[0] == Version && box.AsSpan(1, KeyIdLength).SequenceEqual(keys[0].Id);

    private static byte[] BoundTo(byte[] box, string name) => [.. box.AsSpan(0, HeaderLength), .. Encoding.UTF8.GetBytes(name)];
}

/// <summary>Why a stored secret cannot be read.</summary>
internal enum SecretFailure
{
    None,

    /// <summary>It was sealed under a key that is not here.</summary>
    KeyMissing,

    /// <summary>Not what was written, or written for another name.</summary>
    Damaged,
}
