using Topup.Server;
using Topup.Server.Catalog.Portal;
using Topup.Server.Tenancy;

const string NewPortalLink = "--new-portal-link=";

try
{
    await using var app = await TopupServer.Build(args, TimeProvider.System);
    if (args.Contains("--new-key")) Console.WriteLine(await app.Services.NewLocalKey(CancellationToken.None));
    else if (args.Contains("--new-setup-token")) Console.WriteLine(await app.Services.NewSetupToken(CancellationToken.None));
    else if (Array.Find(args, arg => arg.StartsWith(NewPortalLink, StringComparison.Ordinal)) is { } asked)
    {
        var made = await app.Services.NewPortalLink(asked[NewPortalLink.Length..], CancellationToken.None);
        if (made.Problem is { } problem) throw new InvalidOperationException(problem.Detail);
        Console.WriteLine(made.Value.Url);
    }
    else await app.RunAsync();
    return 0;
}
catch (InvalidOperationException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 1;
}
