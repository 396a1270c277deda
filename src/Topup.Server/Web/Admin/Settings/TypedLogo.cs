namespace Topup.Server.Web.Admin.Settings;

/// <summary>A picture that was sent with a form, as the API takes it.</summary>
internal static class TypedLogo
{
    /// <summary>More than is allowed, so that the verb says what is.</summary>
    private const int BytesRead = 128 * 1024;

    /// <summary>A data: address; null: nothing was sent.</summary>
    public static async Task<string?> Read(IFormFile? file, CancellationToken stop)
    {
        if (file is null || file.Length == 0) return null;
        await using var sent = file.OpenReadStream();
        var buffer = new byte[BytesRead];
        var read = await sent.ReadAtLeastAsync(buffer, BytesRead, throwOnEndOfStream: false, stop);
        return $"data:{file.ContentType};base64,{Convert.ToBase64String(buffer.AsSpan(0, read))}";
    }
}
