using System.Globalization;

namespace Topup.Cli.Commands.Alert;

internal static class AlertText
{
    public static string Of<T>(IEnumerable<T> marks)
        where T : IFormattable => string.Join(' ', marks.Select(mark => mark.ToString(null, CultureInfo.InvariantCulture)));
}
