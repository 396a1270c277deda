using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.MessageDriver;

internal sealed class SaveCommand : Verb
{
    private readonly Argument<string> slug = new("slug") { Description = "Your name for it." };
    private readonly Option<string> kind = Symbols.Needed("--kind", "http, smtp, twilio-sms, twilio-whatsapp or log.");
    private readonly Option<string> channel = Symbols.Needed("--channel", "What it sends over, such as sms.");
    private readonly Option<bool?> enabled = new("--enabled") { Description = "Left out: yes." };
    private readonly Option<int?> priority = new("--priority") { Description = "Of the drivers of a channel, the highest sends; left out: 0." };
    private readonly Option<int?> concurrency = new("--concurrency") { Description = "How many messages it is given at once; left out: 10." };
    private readonly Option<string?> creditsPer = Symbols.Text("--credits-per", "message (default) or segment.");
    private readonly Option<string?> url = Symbols.Text("--url", "http: where messages are posted to.");
    private readonly Option<bool?> allowPrivate = new("--allow-private") { Description = "http: the address may be private, and without https." };
    private readonly Option<string?> host = Symbols.Text("--host", "smtp: name or address of the mail server.");
    private readonly Option<int?> port = new("--port") { Description = "smtp: left out: 465 with implicit_tls, else 587." };
    private readonly Option<string?> security = Symbols.Text("--security", "smtp: start_tls (default), implicit_tls, or, on this machine only, none.");
    private readonly Option<string?> username = Symbols.Text("--username", "smtp: left out: the server asks for none.");
    private readonly Option<string?> auth = Symbols.Text("--auth", "smtp: plain, login or xoauth2; left out: plain or login.");
    private readonly Option<string?> from = Symbols.Text("--from", "smtp: the address that mail comes from. twilio: the number.");
    private readonly Option<string?> fromName = Symbols.Text("--from-name", "smtp: the name that mail comes from.");
    private readonly Option<string?> accountSid = Symbols.Text("--account-sid", "twilio: the account.");
    private readonly Option<string?> apiKey = Symbols.Text("--api-key-sid",
        "twilio: an API key, whose secret is the secret; left out: the secret is the auth token.");
    private readonly Option<string?> service = Symbols.Text("--messaging-service-sid", "twilio: in place of --from.");
    private readonly Option<string?> apiBase = Symbols.Text("--api-base", "twilio: another address, such as a proxy's.");
    private readonly Option<string?> callbackSecretFrom = Symbols.Text("--callback-secret-from",
        "twilio, with an API key: the environment variable with the auth token, which signs callbacks. Left out: as it was.");
    private readonly Option<string?> secretFrom = Symbols.Text("--secret-from",
        "The environment variable with the secret; -: the next line of the standard input. Left out: as it was.");
    private readonly Option<string?> reason = Symbols.Reason();

    public SaveCommand()
        : base("save", "Save a driver. A secret is never an argument, for every process could read it.") =>
        Takes(slug, kind, channel, enabled, priority, concurrency, creditsPer, url, allowPrivate, host, port, security, username, auth, from, fromName,
            accountSid, apiKey, service, apiBase, callbackSecretFrom, secretFrom, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new MessageDriverRequest
        {
            Kind = call.Get(kind)!, Channel = call.Get(channel)!, Enabled = call.Get(enabled), Priority = call.Get(priority),
            Concurrency = call.Get(concurrency), CreditsPer = call.Get(creditsPer), Url = call.Get(url), AllowPrivate = call.Get(allowPrivate),
            Host = call.Get(host), Port = call.Get(port), Security = call.Get(security), Username = call.Get(username), Auth = call.Get(auth),
            From = call.Get(from), FromName = call.Get(fromName),
            AccountSid = call.Get(accountSid), ApiKey = call.Get(apiKey), MessagingServiceSid = call.Get(service), ApiBase = call.Get(apiBase),
            CallbackSecret = call.Secret(callbackSecretFrom), Secret = call.Secret(secretFrom),
        };
        call.Output.Show(await client.SaveMessageDriver(call.Get(slug), request, call.Get(reason), stop));
        return 0;
    }
}
