namespace Topup.Server.Http;

/// <summary>What a PUT left behind, and whether it was there before.</summary>
internal readonly record struct Saved<T>(T Value, bool IsNew);
