using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Topup.Server.Web.Assets;

/// <summary>
/// Styles, scripts and icons, compressed when the program was built. Each stands at an address that names its content, so
/// that browsers keep it for good.
/// </summary>
internal sealed class PageAssets
{
    private const string Prefix = "Assets/";

    private readonly Dictionary<string, Asset> assets = new(StringComparer.Ordinal);

    public PageAssets()
    {
        var assembly = typeof(PageAssets).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(".br", StringComparison.Ordinal)))
        {
            var name = resource[Prefix.Length..^3];
            var brotli = Read(resource);
            assets[name] = new Asset(brotli, Read(Prefix + name + ".gz"), Convert.ToHexStringLower(SHA256.HashData(brotli).AsSpan(0, 8)), TypeOf(name));
        }

        byte[] Read(string resource)
        {
            using var stream = assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"The build left out {resource}.");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    /// <summary>The address of one, such as <c>topup.css</c>.</summary>
    public string Url(string name) => string.Create(CultureInfo.InvariantCulture, $"/assets/{assets[name].Hash}/{name}");

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/assets/{hash}/{name}", (HttpContext context, string hash, string name, PageAssets assets) => assets.Send(context, hash, name))
            .ExcludeFromDescription();
        app.MapGet("/embed.js", (HttpContext context, PageAssets assets) => assets.SendEmbed(context)).ExcludeFromDescription();
    }

    /// <summary>What pages of others include stands at one address for good, and is asked for again after a while.</summary>
    private IResult SendEmbed(HttpContext context)
    {
        var (headers, asset) = (context.Response.Headers, assets["embed.js"]);
        headers.ETag = $"W/\"{asset.Hash}\"";
        headers.CacheControl = "public, max-age=300";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.AccessControlAllowOrigin = "*";
        return context.Request.Headers.IfNoneMatch.Contains(headers.ETag.ToString()) ? Results.StatusCode(StatusCodes.Status304NotModified) : Send(context, asset);
    }

    private IResult Send(HttpContext context, string hash, string name)
    {
        if (!assets.TryGetValue(name, out var asset) || asset.Hash != hash) return Results.NotFound();
        var headers = context.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        return Send(context, asset);
    }

    private static IResult Send(HttpContext context, Asset asset)
    {
        var headers = context.Response.Headers;
        headers.Vary = "Accept-Encoding";
        headers.XContentTypeOptions = "nosniff";
        var accepted = context.Request.Headers.AcceptEncoding.ToString();
        if (accepted.Contains("br", StringComparison.Ordinal)) return Compressed("br", asset.Brotli);
        if (accepted.Contains("gzip", StringComparison.Ordinal)) return Compressed("gzip", asset.Gzip);
        return Results.Stream(new GZipStream(new MemoryStream(asset.Gzip), CompressionMode.Decompress), asset.ContentType);

        IResult Compressed(string encoding, byte[] bytes)
        {
            headers.ContentEncoding = encoding;
            return Results.Bytes(bytes, asset.ContentType);
        }
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"No content type is known for {other}."),
    };

    private sealed record Asset(byte[] Brotli, byte[] Gzip, string Hash, string ContentType);
}
