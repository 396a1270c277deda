using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Settings;

internal sealed class MoneyCommand : Verb
{
    private readonly Option<string?> currency = Symbols.Text("--currency", "The operator's own, ISO 4217.");
    private readonly Option<string[]> symbols = Style("--symbol", "currency=symbol, such as EUR=€");
    private readonly Option<string[]> places = Style("--symbol-place", "currency=before or currency=after");
    private readonly Option<string[]> spaces = Style("--space", "currency=true: a space stands between symbol and number");
    private readonly Option<string[]> decimals = Style("--decimal-separator", "currency=character");
    private readonly Option<string[]> thousands = Style("--thousands-separator", "currency=character; empty: none");
    private readonly Option<string?> reason = Symbols.Reason();

    public MoneyCommand()
        : base("money", "The operator's currency, and how money is written.") =>
        Takes(currency, symbols, places, spaces, decimals, thousands, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var before = await client.GetMoneySettings(stop);
        var styles = new Dictionary<string, MoneyStyleSettings>(before.Styles ?? new Dictionary<string, MoneyStyleSettings>());
        Change(symbols, (style, text) => style with { Symbol = text });
        Change(places, (style, text) => style with { SymbolPlace = text });
        Change(spaces, (style, text) => style with { Space = IsTrue(text) });
        Change(decimals, (style, text) => style with { DecimalSeparator = text });
        Change(thousands, (style, text) => style with { ThousandsSeparator = text });
        var wanted = new MoneySettings { Currency = call.Get(currency) ?? before.Currency, Styles = styles };
        call.Output.Show(await client.SaveMoneySettings(wanted, call.Get(reason), stop));
        return 0;

        void Change(Option<string[]> option, Func<MoneyStyleSettings, string, MoneyStyleSettings> change)
        {
            foreach (var (code, text) in call.Pairs(option))
                styles[code] = change(styles.GetValueOrDefault(code) ?? new MoneyStyleSettings(), text);
        }
    }

    private bool IsTrue(string text) =>
        bool.TryParse(text, out var yes) ? yes : throw new UsageException($"{spaces.Name} must be currency=true or currency=false, not '{text}'.");

    private static Option<string[]> Style(string name, string description) => new(name) { Description = description + "; may be given several times." };
}
