namespace Replicate.Reliability.Fuzzing;

/// <summary>
/// A tarball in a repository, listed, opened and checked out. Nothing appears or changes outside the target, nothing stays
/// where it is refused, and no file gets more than ordinary permissions.
/// </summary>
internal sealed class TarballTarget() : FuzzTarget("tarball", 66)
{
    private const string Id = "0123456789abcdef";
    private const UnixFileMode Special = UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.StickyBit;

    private readonly Scratch _scratch = new();
    private readonly Mutator _mutator = new(Mutator.MaxLength, Id + "/", "../", "/canary", "ustar", "path=", "linkpath=", "size=");
    private List<byte[]> _tarballs = [];
    private List<byte[]> _tars = [];
    private Experiment? _experiment;

    private string Archive => _scratch.At("repository", "experiments", Id + ".tar.gz");

    public override async Task PrepareAsync(long seed)
    {
        _scratch.Write("repository/repository.json", "{\"version\":1}");
        _scratch.Write($"repository/metadata/experiments/{Id}.json", $$"""{"id": "{{Id}}", "created": "2020-09-01T21:42:25Z", "path": "."}""");
        _scratch.Directory("repository", "experiments");
        _scratch.Write("outer/canary", "untouched");
        _scratch.Directory("project");
        var project = new Project($"file://{_scratch.At("repository")}", _scratch.At("project"));
        _experiment = await project.Experiments.GetAsync(Id);
        _tars = [.. TarForge.OfOthers(Id), .. await OursAsync()];
        _tarballs = [.. _tars.Select(tar => TarForge.Compress(tar, new Dice(1))), .. Corpus.Of("tarball", "*.tar.gz")];
    }

    public override IEnumerable<byte[]> Seeds =>
        _tars.Concat(Corpus.Of("tarball", "*.tar.gz").Select(TarForge.Decompress)).Where(tar => tar.Length <= 1 << 17);

    // A changed gzip file is refused by its sum.
    public override byte[] FromSeed(byte[] seed) => TarForge.Compress(seed, new Dice(1));

    public override byte[] Make(Dice dice) => dice.Below(10) switch
    {
        < 5 => TarForge.Compress(TarForge.Forge(Id, dice), dice),
        < 7 => TarForge.Compress(TarForge.Damage(dice.Pick(_tars), dice), dice),
        7 => TarForge.Compress(_mutator.Mutate(dice.Pick(_tars), _tars, dice), dice),
        8 when dice.OneIn(4) => dice.Pick(_tarballs),
        _ => _mutator.Mutate(dice.Pick(_tarballs), _tarballs, dice),
    };

    public override async Task RunAsync(byte[] input, Dice dice)
    {
        File.WriteAllBytes(Archive, input);
        switch (dice.Below(4))
        {
            case 0:
                await _experiment!.ListFilesAsync(null);
                break;
            case 1:
                await using (var file = await _experiment!.OpenFileAsync(null, dice.Pick(["a", "a/b", "train.py", "link", "../canary"])))
                {
                    await file.CopyToAsync(Stream.Null);
                }

                break;
            default:
                await CheckOutAsync(dice);
                break;
        }
    }

    public override void Dispose()
    {
        _scratch.Dispose();
        base.Dispose();
    }

    private async Task CheckOutAsync(Dice dice)
    {
        var target = _scratch.At("outer", "target");
        var hadLinks = dice.OneIn(3);
        if (hadLinks)
        {
            Directory.CreateDirectory(target);
            File.CreateSymbolicLink(Path.Combine(target, "a"), "../canary");
            Directory.CreateSymbolicLink(Path.Combine(target, "link"), "..");
        }

        try
        {
            var result = await _experiment!.CheckOutAsync(null, new CheckOutOptions { OutputDirectory = target, Force = true });
            if (result.Files.FirstOrDefault(path => !IsOrdinary(new FileInfo(Path.Combine(target, path)))) is { } wrong)
            {
                throw new FuzzFailure($"'{wrong}' is missing or has special permissions.");
            }

            RequireNothingOutside(target);
        }
        catch (ReplicateException)
        {
            var left = Directory.Exists(target) ? Directory.EnumerateFileSystemEntries(target).Count() : 0;
            if (left != (hadLinks ? 2 : 0) || (hadLinks && new FileInfo(Path.Combine(target, "a")).LinkTarget is null))
            {
                throw new FuzzFailure("It was refused, but something was written.");
            }

            RequireNothingOutside(target);
            throw;
        }
        finally
        {
            Scratch.Remove(target);
        }
    }

    private static bool IsOrdinary(FileInfo file) =>
        file.LinkTarget is not null || (file.Exists && (OperatingSystem.IsWindows() || (file.UnixFileMode & Special) == 0));

    private void RequireNothingOutside(string target)
    {
        var outside = Directory.EnumerateFileSystemEntries(_scratch.At("outer")).Count(entry => entry != target);
        if (outside != 1 || File.ReadAllText(_scratch.At("outer", "canary")) != "untouched"
            || Directory.EnumerateFileSystemEntries(_scratch.Path).Count() != 3 || Directory.EnumerateFileSystemEntries(_scratch.At("project")).Any())
        {
            _scratch.Write("outer/canary", "untouched");
            throw new FuzzFailure("Something outside the target was written.");
        }
    }

    /// <summary>The tar file that the engine writes now, under this id.</summary>
    private static async Task<IEnumerable<byte[]>> OursAsync()
    {
        using var scratch = new Scratch();
        scratch.Write("project/train.py", "print('train')");
        scratch.Write($"project/data/{new string('d', 150)}/日本", new string('x', 3000));
        File.CreateSymbolicLink(scratch.At("project", "data", "link"), "../train.py");
        var project = new Project($"file://{scratch.At("repository")}", scratch.At("project"));
        var experiment = await project.Experiments.CreateAsync(new ExperimentOptions { Path = ".", Heartbeat = HeartbeatMode.None });
        await experiment.StopAsync();
        var tar = TarForge.Decompress(await File.ReadAllBytesAsync(scratch.At("repository", "experiments", experiment.Id + ".tar.gz")));

        // The same length, so that every header stays as long as it was.
        var text = System.Text.Encoding.Latin1.GetString(tar).Replace(experiment.Id, Id.PadRight(experiment.Id.Length, '0'), StringComparison.Ordinal);
        return [tar, System.Text.Encoding.Latin1.GetBytes(text)];
    }
}
