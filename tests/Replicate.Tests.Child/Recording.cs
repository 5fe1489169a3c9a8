using Replicate;

/// <summary>Runs that record into the repository of a project.</summary>
internal static class Recording
{
    /// <summary>Adds checkpoints to an experiment when it is told to go.</summary>
    public static async Task AddAsync(string directory, string experimentId, long process, long count)
    {
        var project = Project.Open(directory);
        var experiment = await project.Experiments.GetAsync(experimentId);
        Console.WriteLine("ready");
        Console.ReadLine();
        for (var number = 0L; number < count; number++)
        {
            await experiment.CheckpointAsync(new CheckpointOptions
            {
                Metrics = new Dictionary<string, object> { ["process"] = process, ["number"] = number },
            });
        }

        await experiment.SyncAsync();
    }

    /// <summary>Records a run with the file <c>model.pth</c>, tells its id, and sends it.</summary>
    public static async Task RunAsync(string directory)
    {
        var project = Project.Open(directory);
        var experiment = await project.Experiments.CreateAsync(new ExperimentOptions { Path = "." });
        await experiment.CheckpointAsync(new CheckpointOptions { Path = "model.pth" });
        Console.WriteLine(experiment.Id);
        await experiment.StopAsync();
    }
}
