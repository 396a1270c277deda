using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.RateCard;

internal sealed class SaveCommand : Verb
{
    // A field that is not of a card would be lost, not refused.
    private static readonly TopupJson Strict = new(new JsonSerializerOptions(TopupJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    });

    private readonly Argument<string> code = Symbols.Code();
    private readonly Option<string?> file = Symbols.Text("--file", "A JSON file with the card as the API takes it, instead of the options below.");
    private readonly Option<string?> plan = Symbols.Text("--plan", "The plan whose uses it prices; left out: tenants without a plan, and plans without a card.");
    private readonly Option<DateTimeOffset?> effectiveFrom = Symbols.Time("--effective-from", "When it begins (left out: now)");
    private readonly Option<string[]> rates = new("--rate") { Description = "usage_type=type:price, such as ai_session=sessions:0.05; may be given several times." };
    private readonly Option<string?> unknown = Symbols.Text("--unknown", "type:price of what no rate names; left out: it is refused.");
    private readonly Option<string?> reason = Symbols.Reason();

    public SaveCommand()
        : base("save", "Define what uses cost on a plan from a date on. A card that has begun never changes.") =>
        Takes(code, file, plan, effectiveFrom, rates, unknown, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = call.Get(file) is { } path ? await Read(path, stop) : Request(call);
        ShowCommand.Show(call, await client.SaveRateCard(call.Get(code), request, call.Get(reason), stop));
        return 0;
    }

    private RateCardRequest Request(Call call) => new()
    {
        Plan = call.Get(plan),
        EffectiveFrom = call.Get(effectiveFrom),
        Rates = [.. call.Pairs(rates).Select(pair =>
        {
            var (type, price) = Price(rates.Name, pair.Value);
            return new RateTerms { UsageType = pair.Key, Type = type, Price = price };
        })],
        Unknown = call.Get(unknown) is { } text && Price(unknown.Name, text) is var (type, price)
            ? new UnknownRateTerms { Type = type, Price = price }
            : null,
    };

    private static (string Type, decimal Price) Price(string option, string text)
    {
        var at = text.IndexOf(':', StringComparison.Ordinal);
        return at > 0
            ? (text[..at], Call.Number(option, text[(at + 1)..]))
            : throw new UsageException($"{option} must have type:price, such as sessions:0.05, not '{text}'.");
    }

    private static async Task<RateCardRequest> Read(string path, CancellationToken stop)
    {
        try
        {
            return JsonSerializer.Deserialize(await File.ReadAllTextAsync(path, stop), Strict.RateCardRequest)
                ?? throw new UsageException("The file holds null, not a rate card.");
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException("The file cannot be read: " + wrong.Message);
        }
    }
}
