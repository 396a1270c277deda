using Topup.Server;
using Topup.Server.Tenancy;

try
{
    await using var app = await TopupServer.Build(args, TimeProvider.System);
    if (args.Contains("--new-key")) Console.WriteLine(await app.Services.NewLocalKey(CancellationToken.None));
    else if (args.Contains("--new-setup-token")) Console.WriteLine(await app.Services.NewSetupToken(CancellationToken.None));
    else await app.RunAsync();
    return 0;
}
catch (InvalidOperationException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 1;
}
