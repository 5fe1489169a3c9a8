namespace Replicate.Benchmarks;

/// <summary>A project that a row works in: made when it is first asked for, kept for the rows behind it.</summary>
/// <param name="Name">Its directory.</param>
/// <param name="Make">Fills that directory.</param>
internal sealed record Sample(string Name, Action<DirectoryInfo> Make)
{
    /// <summary>What the original's library is told to save and record; arguments: a path, and a number of checkpoints.</summary>
    /// <remarks>As shipped, its first connection fails unless its daemon was quicker, and gRPC then waits a second: it is spared that.</remarks>
    private const string SaveWithOriginal = """
        import grpc, os, sys, time
        connect = grpc.insecure_channel
        def connect_when_ready(target):
            while not os.path.exists(target[len("unix://"):]): time.sleep(0.001)
            return connect(target)
        grpc.insecure_channel = connect_when_ready
        import keepsake
        experiment = keepsake.init(path=sys.argv[1] or None, params={"rate": 0.1})
        for step in range(int(sys.argv[2])):
            experiment.checkpoint(step=step, metrics={"loss": 1 / (step + 1)}, primary_metric=("loss", "minimize"))
        experiment.stop()
        """;

    /// <summary>A project without anything.</summary>
    public static Sample Empty { get; } = new("empty", _ => { });

    /// <summary>So many experiments with so many checkpoints each, without files.</summary>
    public static Sample Experiments(int experiments, int checkpoints) => new(
        $"experiments-{experiments}x{checkpoints}",
        directory => GeneratedRepository.Write(directory.CreateSubdirectory(".replicate"), experiments, checkpoints));

    /// <summary>One file in <c>data</c>.</summary>
    public static Sample OneFile(string name, int megabytes, Action<Random, byte[]> fill) => new(
        $"{name}-{megabytes}", directory => SampleFiles.WriteOne(directory.CreateSubdirectory("data").FullName, megabytes, fill));

    /// <summary>Files in <c>data</c>.</summary>
    public static Sample ManyFiles(string name, int count, int length, Action<Random, byte[]> fill) => new(
        $"{name}-{count}", directory => SampleFiles.WriteMany(directory.CreateSubdirectory("data").FullName, count, length, fill));

    /// <summary>Its full path, below that of all samples.</summary>
    public string In(string samples)
    {
        var path = Path.Combine(samples, Name);
        if (!Directory.Exists(path))
        {
            var part = Directory.CreateDirectory(path + ".part");
            File.WriteAllText(Path.Combine(part.FullName, "replicate.yaml"), "repository: file://.replicate\n");
            File.WriteAllText(Path.Combine(part.FullName, "save.py"), SaveWithOriginal);
            Make(part);
            part.MoveTo(path);
        }

        return path;
    }
}
