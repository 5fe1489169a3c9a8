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

    /// <summary>Writes to the log of an experiment in a repository that does not answer, and waits to be killed.</summary>
    public static void Log(string directory, string repository, string experimentId)
    {
        var workspace = new Project(
            new ProjectConfiguration { ProjectDirectory = directory, ConfigurationFile = Path.Combine(directory, "replicate.yaml"), Repository = repository },
            () => new SilentStore(repository)).Workspace;
        var log = workspace.Lifetime.Logs.For(workspace, experimentId, maxText: 1_000_000);
        log.AddLine(isError: false, "one\ntwo");
        log.Flush();
        Console.WriteLine("written");
        Console.ReadLine();
    }

    /// <summary>Adds checkpoints to an experiment for ever, and tells the id of each that is safe.</summary>
    public static async Task RecordAsync(string directory, string experimentId)
    {
        var project = new Project("file://.replicate", directory);
        var experiment = await project.Experiments.GetAsync(experimentId);
        for (var number = 1L; ; number++)
        {
            var checkpoint = await experiment.CheckpointAsync(
                new CheckpointOptions { Metrics = new Dictionary<string, object> { ["number"] = number } });
            Console.WriteLine(checkpoint.Id);
            if (number % 20 == 0)
            {
                // More often than in a training run, so that the end comes in the middle of it.
                await project.SyncAsync();
            }

            await Task.Delay(1);
        }
    }

    /// <summary>
    /// Creates, adds, stops, copies and removes an experiment on a disk, and tells of each what a power failure must not take away from then on.
    /// </summary>
    public static async Task DurableAsync(string directory)
    {
        var project = new Project("file://.replicate", directory);
        var experiment = await project.Experiments.CreateAsync(new ExperimentOptions { Path = "code.txt", IsDurable = true });
        Console.WriteLine($"created {experiment.Id}");
        for (var number = 0; number < 6; number++)
        {
            var options = new CheckpointOptions
            {
                Metrics = new Dictionary<string, object> { ["number"] = number }, Path = number % 2 == 0 ? "model.pth" : null, IsDurable = number != 2,
            };
            var id = (await experiment.CheckpointAsync(options)).Id;
            Console.WriteLine($"{(options.IsDurable ? "added" : "tried")} {id}");
            if (number == 3)
            {
                // What is in the journal goes into the metadata.
                await project.SyncAsync();
            }
        }

        await experiment.StopAsync();
        Console.WriteLine($"stopped {experiment.Id}");
        await new Project("file://other", directory).Experiments.CopyFromAsync([experiment]);
        Console.WriteLine($"copied {experiment.Id}");
        var checkpoint = experiment.Checkpoints[4];
        Console.WriteLine($"dropping {checkpoint.Id}");
        await experiment.DeleteCheckpointAsync(checkpoint);
        Console.WriteLine($"dropped {checkpoint.Id}");
        Console.WriteLine($"removing {experiment.Id}");
        await experiment.DeleteAsync();
        Console.WriteLine($"removed {experiment.Id}");
    }

    /// <summary>Records what waits on this machine, tells of it when it is durable, and is gone.</summary>
    public static async Task WaitingAsync(string directory)
    {
        var project = new Project("file://.replicate", directory);
        var experiment = await project.Experiments.CreateAsync(new ExperimentOptions { Path = "model.pth", IsDurable = true });
        Console.WriteLine($"created {experiment.Id}");
        var checkpoint = await experiment.CheckpointAsync(
            new CheckpointOptions { Metrics = new Dictionary<string, object> { ["number"] = 1 }, IsDurable = true });
        Console.WriteLine($"added {checkpoint.Id}");
        System.Diagnostics.Process.GetCurrentProcess().Kill();
    }

    /// <summary>Saves a file with a checkpoint, tells its id, and goes on living.</summary>
    public static async Task SaveAsync(string directory, string experimentId, string path)
    {
        var project = new Project("file://.replicate", directory);
        var experiment = await project.Experiments.GetAsync(experimentId);
        Console.WriteLine((await experiment.CheckpointAsync(new CheckpointOptions { Path = path })).Id);
        await Task.Delay(Timeout.Infinite);
    }
}
