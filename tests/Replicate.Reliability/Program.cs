using Replicate.Reliability;

// The repositories in the configuration files here are its own.
Environment.SetEnvironmentVariable("REPLICATE_TRUST", "*");
return await Runs.RunAsync(args);
