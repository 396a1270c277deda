using System.Text.Json;
using System.Text.Json.Serialization;
using Topup.Contracts;

namespace Topup.Server.Http;

/// <summary>The contracts as the server reads and writes them: nothing unknown, nothing twice, nothing deep.</summary>
internal static class Json
{
    public const int DepthMax = 16;

    public static readonly TopupJson Wire = new(new JsonSerializerOptions(TopupJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        MaxDepth = DepthMax,
    });
}
