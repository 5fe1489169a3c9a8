using Replicate.Reliability;

return await Runs.RunAsync(args);
