using Topup.Cli;

return await CommandLine.Run(args, Console.Out, Console.Error, Environment.GetEnvironmentVariable, Console.In);
