using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Messaging;

/// <summary>How the refusals of this room look on the wire.</summary>
internal static class MessageProblems
{
    public static Problem Unknown() => Problems.Of(404, ProblemCodes.MessageUnknown, "There is no message of this id.");

    public static Problem ChannelUnknown(string channel) => Problems.Of(404, ProblemCodes.ChannelUnknown,
        $"No credit type is of the channel {channel}. Set the channel of a credit type.", "channel");

    public static Problem NoDriver(string channel) => Problems.Of(409, ProblemCodes.NoMessageDriver,
        $"No driver that has all it needs is enabled for {channel}. Save one at /v1/message-drivers.", "channel");

    public static Problem NotUnknown() => Problems.Of(409, ProblemCodes.MessageNotUnknown, "The outcome of the message is known.");

    public static Problem DriverUnknown() => Problems.Of(404, ProblemCodes.MessageDriverUnknown, "There is no driver of this name.", "slug");

    public static Problem TooManyDrivers(int max) => Problems.Of(409, ProblemCodes.TooManyMessageDrivers, $"There may be {max} drivers. Delete one first.", limit: max);
}
