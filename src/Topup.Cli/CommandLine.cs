using System.CommandLine;
using Topup.Client;

namespace Topup.Cli;

/// <summary>All commands, and what becomes of a call: 0 done, 1 refused by the server or not reached, 2 not understood.</summary>
internal static class CommandLine
{
    public static readonly Option<string?> Url = new("--url") { Description = "The server; else TOPUP_URL.", Recursive = true };
    public static readonly Option<string?> KeyFile = new("--key-file")
    {
        Description = "A file with the API key; else TOPUP_KEY. A key is never an argument, for every process could read it.", Recursive = true,
    };
    public static readonly Option<bool> Json = new("--json") { Description = "One JSON object a line, as the API gives it.", Recursive = true };

    public static async Task<int> Run(
        string[] args, TextWriter output, TextWriter error, Func<string, string?> variable, TextReader? input = null, CancellationToken stop = default)
    {
        var parsed = Root().Parse(args);
        var terminal = new Terminal { Output = output, Error = error, Variable = variable, Input = input ?? TextReader.Null, EnableDefaultExceptionHandler = false };
        if (parsed.Errors.Count > 0)
        {
            foreach (var wrong in parsed.Errors) await error.WriteLineAsync(wrong.Message);
            return 2;
        }
        try
        {
            return await parsed.InvokeAsync(terminal, stop);
        }
        catch (UsageException wrong)
        {
            await error.WriteLineAsync(wrong.Message);
            return 2;
        }
        catch (TopupException refused)
        {
            await error.WriteLineAsync(refused.Message);
            return 1;
        }
        catch (Exception cut) when (cut is HttpRequestException or TimeoutException or IOException)
        {
            await error.WriteLineAsync("The server cannot be reached: " + cut.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 1;
        }
    }

    private static RootCommand Root() => new("The command line of a Topup server.")
    {
        Url,
        KeyFile,
        Json,
        new Command("tenant", "Customers of the platform.")
        {
            new Commands.Tenant.ListCommand(), new Commands.Tenant.ShowCommand(), new Commands.Tenant.SaveCommand(),
            new Commands.Tenant.AddOnsCommand(), new Commands.Tenant.EnableAddOnCommand(), new Commands.Tenant.DisableAddOnCommand(),
            new Commands.Tenant.RatesCommand(),
        },
        new Command("type", "What credits buy.") { new Commands.Type.ListCommand(), new Commands.Type.SaveCommand() },
        new Command("plan", "Tiers that tenants are on.") { new Commands.Plan.ListCommand(), new Commands.Plan.SaveCommand(), new Commands.Plan.RatesCommand() },
        new Command("pack", "What tenants can buy.") { new Commands.Pack.ListCommand(), new Commands.Pack.SaveCommand() },
        new Command("addon", "Optional features with a price a month.")
        {
            new Commands.AddOn.SaveCommand(), new Commands.AddOn.ListCommand(), new Commands.AddOn.ShowCommand(), new Commands.AddOn.DeleteCommand(),
        },
        new Command("rate-card", "What uses cost on a plan.")
        {
            new Commands.RateCard.SaveCommand(), new Commands.RateCard.ListCommand(), new Commands.RateCard.ShowCommand(),
            new Commands.RateCard.DeleteCommand(),
        },
        new Command("credits", "Spend and give credits.")
        {
            new Commands.Credits.ConsumeCommand(), new Commands.Credits.CheckCommand(), new Commands.Credits.GrantCommand(),
            new Commands.Credits.VoidCommand(), new Commands.Credits.ReverseCommand(),
        },
        new Command("hold", "Credits set aside.")
        {
            new Commands.Hold.PlaceCommand(), new Commands.Hold.CaptureCommand(), new Commands.Hold.ReleaseCommand(),
            new Commands.Hold.ListCommand(),
        },
        new Command("limit", "Caps and switches of a tenant and of its subjects.")
        {
            new Commands.Limit.SaveCommand(), new Commands.Limit.ListCommand(), new Commands.Limit.DeleteCommand(),
        },
        new Command("dry-run", "What would happen, without doing it.")
        {
            new Commands.DryRun.DrawCommand(), new Commands.DryRun.PlanChangeCommand(), new Commands.DryRun.ExpiryCommand(),
        },
        new Command("usage", "What is used, and what is sold.")
        {
            new Commands.Usage.ShowCommand(), new Commands.Usage.ExportCommand(), new Commands.Usage.OperatorCommand(), new Commands.Usage.PeaksCommand(),
        },
        new Commands.ForecastCommand(),
        new Command("alert", "When tenants are warned.")
        {
            new Commands.Alert.SetCommand(), new Commands.Alert.ListCommand(), new Commands.Alert.DeleteCommand(),
        },
        new Command("message", "Messages to customers of tenants.")
        {
            new Commands.Message.SendCommand(), new Commands.Message.ShowCommand(), new Commands.Message.ListCommand(),
            new Commands.Message.StoppedCommand(), new Commands.Message.ResolveCommand(),
        },
        new Command("message-driver", "What sends messages.")
        {
            new Commands.MessageDriver.SaveCommand(), new Commands.MessageDriver.ListCommand(), new Commands.MessageDriver.DeleteCommand(),
            new Commands.MessageDriver.TestCommand(),
        },
        new Command("message-template", "What messages of one kind say.")
        {
            new Commands.MessageTemplate.SaveCommand(), new Commands.MessageTemplate.ListCommand(), new Commands.MessageTemplate.DeleteCommand(),
        },
        new Command("suppression", "Recipients that get no more messages.")
        {
            new Commands.Suppression.AddCommand(), new Commands.Suppression.FindCommand(), new Commands.Suppression.ListCommand(),
            new Commands.Suppression.DeleteCommand(),
        },
        new Command("pool", "What a tenant has.") { new Commands.Pool.ListCommand(), new Commands.Pool.ShowCommand() },
        new Command("entry", "A tenant's history.") { new Commands.Entry.ListCommand(), new Commands.Entry.ExportCommand() },
        new Command("purchase", "What tenants bought.")
        {
            new Commands.Purchase.BuyCommand(), new Commands.Purchase.ShowCommand(), new Commands.Purchase.ListCommand(),
            new Commands.Purchase.StepsCommand(), new Commands.Purchase.CheckCommand(), new Commands.Purchase.CancelCommand(),
            new Commands.Purchase.RefundCommand(), new Commands.Purchase.ReviewCommand(), new Commands.Purchase.ReceiptCommand(),
        },
        new Command("method", "Ways to pay.") { new Commands.Method.ListCommand(), new Commands.Method.SetCommand() },
        new Command("settings", "What the operator sets.")
        {
            new Commands.Settings.ShowCommand(),
            new Command("set", "Change settings; what is left out stays as it is.")
            {
                new Commands.Settings.MoneyCommand(), new Commands.Settings.BusinessCommand(), new Commands.Settings.CheckoutCommand(),
                new Commands.Settings.AddOnsCommand(), new Commands.Settings.OperatorCommand(), new Commands.Settings.TimeZoneCommand(),
            },
        },
        new Command("reconciliation", "Comparisons of what providers list with the purchases.")
        {
            new Commands.Reconciliation.RunCommand(), new Commands.Reconciliation.ListCommand(), new Commands.Reconciliation.ShowCommand(),
        },
        new Command("import", "Files of many tenants or grants.")
        {
            new Commands.Import.StartCommand(), new Commands.Import.ListCommand(), new Commands.Import.ShowCommand(), new Commands.Import.CancelCommand(),
            new Commands.Import.FailuresCommand(),
        },
        new Command("auto-top-up", "Credits that are bought by themselves before they run out.")
        {
            new Commands.AutoTopUp.SaveCommand(), new Commands.AutoTopUp.ShowCommand(), new Commands.AutoTopUp.ListCommand(),
            new Commands.AutoTopUp.ResumeCommand(), new Commands.AutoTopUp.DeleteCommand(),
        },
        new Command("card", "Cards that tenants agreed to save.") { new Commands.Card.ListCommand(), new Commands.Card.DeleteCommand() },
        new Command("key", "API keys.")
        {
            new Commands.Key.CreateCommand(), new Commands.Key.ListCommand(), new Commands.Key.RevokeCommand(),
        },
        new Command("webhook", "Where events are sent to.")
        {
            new Commands.Webhook.CreateCommand(), new Commands.Webhook.ListCommand(), new Commands.Webhook.ShowCommand(), new Commands.Webhook.UpdateCommand(),
            new Commands.Webhook.DeleteCommand(), new Commands.Webhook.RotateCommand(), new Commands.Webhook.TestCommand(),
            new Commands.Webhook.DeliveriesCommand(), new Commands.Webhook.ResendCommand(), new Commands.Webhook.ReplayCommand(),
        },
        new Command("workflow", "Rules: when an event happens, messages, webhooks, grants and pauses follow.")
        {
            new Commands.Workflow.SaveCommand(), new Commands.Workflow.ListCommand(), new Commands.Workflow.ShowCommand(), new Commands.Workflow.DeleteCommand(),
            new Commands.Workflow.TestCommand(), new Commands.Workflow.RunsCommand(), new Commands.Workflow.RunCommand(), new Commands.Workflow.RetryCommand(),
            new Commands.Workflow.EventsCommand(), new Commands.Workflow.PresetsCommand(),
        },
        new Command("event", "The log of events.") { new Commands.Event.ListCommand() },
        new Commands.VerifyCommand(),
        new Commands.AuditCommand(),
    };
}

/// <summary>Where a command writes to and what it finds around it.</summary>
internal sealed class Terminal : InvocationConfiguration
{
    /// <summary>The value of an environment variable.</summary>
    public required Func<string, string?> Variable { get; init; }

    public required TextReader Input { get; init; }
}

/// <summary>The call is not one of this program; the message says what is wrong.</summary>
internal sealed class UsageException(string message) : Exception(message);
