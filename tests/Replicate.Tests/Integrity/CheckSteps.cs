using Replicate.Repositories;
using Replicate.Storage;
using Replicate.Tests.Support;

namespace Replicate.Tests.Integrity;

/// <summary>What the tests of checks and repairs do with a project.</summary>
internal static class CheckSteps
{
    /// <summary>An id that nothing has.</summary>
    public const string OtherId = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<List<Finding>> FindingsAsync(this Project project) =>
        project.CheckAsync(cancellationToken: Token).ToListAsync(Token).AsTask();

    /// <summary>Mends all that is found, and returns what is found then.</summary>
    public static async Task<List<Finding>> MendAsync(this Project project)
    {
        foreach (var finding in await project.FindingsAsync())
        {
            await project.RepairAsync(finding, Token);
        }

        return await project.FindingsAsync();
    }

    /// <summary>Records an experiment that has ended, with <c>train.py</c> and a checkpoint of loss 0.5 with <c>model.pth</c>.</summary>
    public static async Task<Experiment> RecordAsync(this TestProject test, bool isEnded = true)
    {
        test.Directory.Write("train.py", "code");
        test.Directory.Write("model.pth", "weights");
        var experiment = await test.CreateAsync(path: "train.py");
        await experiment.AddAsync(ExperimentSteps.Loss(0.5), "model.pth");
        if (isEnded)
        {
            await experiment.StopAsync(cancellationToken: Token);
        }

        return experiment;
    }

    /// <summary>The path of an object of the repository.</summary>
    public static string PathOf(this TestProject test, string key) => Path.Combine(test.RepositoryPath, key);

    /// <summary>Writes an object that is as old as said.</summary>
    public static string Write(this TestProject test, string key, string text, TimeSpan age)
    {
        var path = test.Directory.Write($".replicate/{key}", text);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow - age);
        return path;
    }

    /// <summary>What was saved as <c>model.pth</c> with the only checkpoint of the only experiment, and its loss.</summary>
    public static async Task<(string Weights, object? Loss)> ReadAsync(this TestProject test)
    {
        var experiment = Assert.Single(await test.ListAsync());
        var checkpoint = Assert.Single(experiment.Checkpoints);
        using var target = new TemporaryDirectory();
        await experiment.CheckOutAsync(checkpoint, new CheckOutOptions { OutputDirectory = target.Combine("out") }, cancellationToken: Token);
        return (await File.ReadAllTextAsync(target.Combine("out", "model.pth"), Token), checkpoint.Metrics["loss"]);
    }

    /// <summary>The project, with its repository in another store.</summary>
    public static Project In(this TestProject test, IObjectStore store) => new(
        new ProjectConfiguration
        {
            ProjectDirectory = test.Directory.Path, Repository = store.Url, ConfigurationFile = test.Directory.Combine("replicate.yaml"),
        },
        () => store);

    /// <summary>The key of the tarball of the only checkpoint.</summary>
    public static string CheckpointKey(this Experiment experiment) => RepositoryKeys.CheckpointArchive(experiment.Checkpoints[0].Id);
}
