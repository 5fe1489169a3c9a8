using Replicate.Cli;

using var terminal = Terminal.OfProcess();
return await ReplicateCommand.RunAsync(args, terminal, Environment.CurrentDirectory);
