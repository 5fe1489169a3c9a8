using Replicate.Archives.CheckingOut;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

/// <summary>A check-out whose process was killed while it placed: what it left is made by hand at every step.</summary>
public sealed class InterruptedCheckOutTests : IDisposable
{
    // Plans of their own: any other test would finish those that lie where all are.
    private readonly TemporaryDirectory _plans = new();
    private readonly TemporaryDirectory _target = new();
    private readonly CollectedLog _log = new();
    private readonly string _staging = CheckOut.StagingPrefix + Path.GetRandomFileName();

    public void Dispose()
    {
        _target.Dispose();
        _plans.Dispose();
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(4, false)]
    public void It_is_finished_from_wherever_it_was(int placed, bool keptOnly)
    {
        string[] paths = ["a", "data/b", "data/c", "new/d"];
        for (var i = 0; i < paths.Length; i++)
        {
            if (i < 3)
            {
                _target.Write(i < placed ? $"{_staging}/{Placement.Replaced}/{paths[i]}" : paths[i], "old");
            }

            _target.Write(i < placed ? paths[i] : FormattableString.Invariant($"{_staging}/{i}"), "new");
        }

        if (keptOnly)
        {
            // Killed between the two renames of one file.
            File.Delete(_target.Combine(paths[placed]));
        }

        Leave(paths);
        Finish();

        Assert.All(paths, path => Assert.Equal("new", File.ReadAllText(_target.Combine(path))));
        Assert.Equal(["a", "data", "data/b", "data/c", "new", "new/d"], Archive.Everything(_target.Path));
        Assert.Contains("4 files", Assert.Single(_log.Warnings), StringComparison.Ordinal);
        Assert.False(File.Exists(_plans.Combine(_staging)));
    }

    [Fact]
    public void One_that_had_decided_nothing_leaves_all_as_it_was()
    {
        _target.Write("a", "old");
        _target.Write(_staging + "/0", "half");
        Leave(null);

        Finish();

        Assert.Equal(["a"], Archive.Everything(_target.Path));
        Assert.Equal("old", File.ReadAllText(_target.Combine("a")));
    }

    [Fact]
    public void One_that_cannot_be_finished_is_taken_back_and_tried_again()
    {
        _target.Write("a", "new");
        _target.Write($"{_staging}/{Placement.Replaced}/a", "old");
        _target.Write(_staging + "/1", "new");
        Directory.CreateDirectory(_target.Combine("b"));
        Leave(["a", "b"]);

        Finish();
        Assert.Equal("old", File.ReadAllText(_target.Combine("a")));
        Assert.Contains("could not be finished", Assert.Single(_log.Warnings), StringComparison.Ordinal);

        Directory.Delete(_target.Combine("b"));
        Finish();
        Assert.Equal(["a", "b"], Archive.Everything(_target.Path));
        Assert.All(["a", "b"], path => Assert.Equal("new", File.ReadAllText(_target.Combine(path))));
    }

    [Fact]
    public void What_the_user_wrote_meanwhile_is_kept()
    {
        _target.Write(_staging + "/0", "new");
        Leave(["a"]);
        _target.Write("a", "mine, of today");
        File.SetLastWriteTimeUtc(_target.Combine("a"), DateTime.UtcNow.AddMinutes(1));

        Finish();

        Assert.Equal("new", File.ReadAllText(_target.Combine("a")));
        var kept = Assert.Single(Directory.EnumerateDirectories(_target.Path, "replaced-by-check-out-*"));
        Assert.Equal("mine, of today", File.ReadAllText(Path.Combine(kept, "a")));
    }

    [Fact]
    public async Task One_that_is_going_on_is_left_alone()
    {
        await using var checkOut = new CheckOut(_target.Path, null);
        await checkOut.AddAsync(TarBytes.Id, Archive.FileOf(new TarBytes().File(TarBytes.Id + "/a", "new").Tarball().ToArray()), cancellationToken: Archive.Token);

        PendingCheckOuts.Finish();

        Assert.Equal(["a"], checkOut.Commit());
        Assert.Equal("new", await File.ReadAllTextAsync(_target.Combine("a"), Archive.Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("1 relative name\nfile 0 a\nend\n")]
    [InlineData("1 %2F other\nfile 0 etc%2Fpasswd\nend\n")]
    public void A_plan_that_makes_no_sense_does_nothing(string text)
    {
        _target.Write(_staging + "/0", "new");
        _plans.Write(_staging, text);

        Finish();

        Assert.False(File.Exists(_target.Combine("a")));
    }

    private void Leave(string[]? paths)
    {
        using var plan = CheckOutPlan.Begin(_target.Path, _staging, _plans.Path)!;
        if (paths is not null)
        {
            var files = new SortedDictionary<string, StagedFile>(StringComparer.Ordinal);
            foreach (var (i, path) in paths.Index())
            {
                files[path] = new StagedFile(FormattableString.Invariant($"{i}"), null);
            }

            plan.Write(files, isDurable: false);
        }

        plan.Leave();
    }

    private void Finish()
    {
        using var told = Log.SendTo(_log);
        PendingCheckOuts.Finish(_plans.Path);
    }
}
