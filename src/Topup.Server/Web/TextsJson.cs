using System.Text.Json.Serialization;

namespace Topup.Server.Web;

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class TextsJson : JsonSerializerContext;
