using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Messaging;

/// <summary>How the refusals of this room look on the wire.</summary>
internal static class MessageProblems
{
    private const int NamesShownMax = 20;
    private const int NameShownMax = 64;

    public static Problem Unknown() => Problems.Of(404, ProblemCodes.MessageUnknown, "There is no message of this id.");

    public static Problem ChannelUnknown(string channel) => Problems.Of(404, ProblemCodes.ChannelUnknown,
        $"No credit type is of the channel {channel}. Set the channel of a credit type.", "channel");

    public static Problem NoDriver(string channel) => Problems.Of(409, ProblemCodes.NoMessageDriver,
        $"No driver that has all it needs is enabled for {channel}. Save one at /v1/message-drivers.", "channel");

    public static Problem NotUnknown() => Problems.Of(409, ProblemCodes.MessageNotUnknown, "The outcome of the message is known.");

    public static Problem DriverUnknown() => Problems.Of(404, ProblemCodes.MessageDriverUnknown, "There is no driver of this name.", "slug");

    public static Problem TooManyDrivers(int max) => Problems.Of(409, ProblemCodes.TooManyMessageDrivers, $"There may be {max} drivers. Delete one first.", limit: max);

    public static Problem NeedsItsProvider(string slug) => Problems.Of(409, ProblemCodes.NoMessageDriver,
        $"The template has only a text that Twilio keeps, and the driver {slug} is of another kind. Give the template a text, or save a driver of Twilio.",
        "template");

    /// <param name="field">Where it was named.</param>
    public static Problem TemplateUnknown(string code, string field) =>
        Problems.Of(404, ProblemCodes.MessageTemplateUnknown, $"There is no template {Short(code)}.", field);

    public static Problem VariablesWrong(IReadOnlyList<string> missing, IReadOnlyList<string> unknown) => Problems.Of(400, ProblemCodes.VariablesWrong,
        (missing.Count > 0 ? $"No value was given for {Names(missing)}. " : "") +
        (unknown.Count > 0 ? $"The template does not have {Names(unknown)}." : ""), "variables");

    public static Problem SuppressionUnknown() => Problems.Of(404, ProblemCodes.SuppressionUnknown, "There is no suppression of this id.");

    public static Problem CallbackRefused() => Problems.Of(403, ProblemCodes.CallbackRefused, "The callback is not signed with the secret of this driver.");

    private static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(NamesShownMax).Select(Short)) + (names.Count > NamesShownMax ? ", and others" : "");

    private static string Short(string name) => name.Length <= NameShownMax ? name : name[..NameShownMax] + "…";
}
