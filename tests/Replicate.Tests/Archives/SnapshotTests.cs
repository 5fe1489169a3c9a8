using Replicate.Archives.Snapshots;
using Replicate.Archives.Writing;
using Replicate.Recording;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

public sealed class SnapshotTests : IDisposable
{
    private const int Large = 5 << 20;
    private const int Most = 4 << 20;

    private readonly TestProject _project = new();
    private readonly SnapshotDirectory _directory;

    public SnapshotTests() => _directory = new SnapshotDirectory(_project.Project.Configuration, "run");

    private string Model => _project.Directory.Combine("model.bin");

    public void Dispose()
    {
        _directory.Dispose();
        _project.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(Most)]
    [InlineData(Large)]
    public void Files_are_saved_as_they_were_though_they_are_written_and_deleted_later(int length)
    {
        var written = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.WriteAllText(Model, new string('a', length));
        File.SetLastWriteTimeUtc(Model, written);
        using var snapshot = Take();
        File.WriteAllText(Model, "another");
        Assert.NotEqual(snapshot.Stamps, new SavePath(_project.Project.Configuration, "model.bin").Stamps());
        File.Delete(Model);

        Assert.Equal((new string('a', length), written), Read(snapshot));
        Assert.Equal((new string('a', length), written), Read(snapshot));
        Assert.Equal(length, snapshot.Length);
    }

    [Fact]
    public void Small_files_are_held_in_memory_as_far_as_there_is_room()
    {
        File.WriteAllText(Model, new string('a', Most));
        var snapshots = Enumerable.Range(0, 20).Select(_ => Take()).ToList();
        Assert.Contains(snapshots, snapshot => snapshot.Files[0].FullPath == Model);
        Assert.Contains(snapshots, snapshot => snapshot.Files[0].FullPath != Model);

        File.WriteAllText(Model, "another");
        Assert.All(snapshots, snapshot => Assert.Equal(new string('a', Most), Read(snapshot).Content));
        snapshots.ForEach(snapshot => snapshot.Dispose());

        using var last = Take();
        Assert.Equal(Model, last.Files[0].FullPath);
    }

    [Fact]
    public void A_place_that_was_given_back_is_written_over_and_another_one_is_not()
    {
        var first = Take('1', Large + 100);
        var place = Path.GetDirectoryName(first.Files[0].FullPath);
        first.Dispose();
        first.Dispose();

        using var second = Take('2', Large);
        using var third = Take('3', Large);

        Assert.Equal(place, Path.GetDirectoryName(second.Files[0].FullPath));
        Assert.Equal((new string('2', Large), Large), (File.ReadAllText(second.Files[0].FullPath), second.Length));
        Assert.Equal(new string('3', Large), File.ReadAllText(third.Files[0].FullPath));

        FileSnapshot Take(char content, int length)
        {
            File.WriteAllText(Model, new string(content, length));
            return this.Take();
        }
    }

    [Fact]
    public void A_file_that_nobody_may_write_is_copied_over_an_earlier_copy_of_it()
    {
        foreach (var content in new[] { "1", "2" })
        {
            File.WriteAllText(Model, content.PadLeft(Large));
            File.SetAttributes(Model, FileAttributes.ReadOnly);
            using var snapshot = Take();
            Assert.Equal(content, File.ReadAllText(snapshot.Files[0].FullPath).Trim());
            File.SetAttributes(Model, FileAttributes.Normal);
        }
    }

    private static (string Content, DateTime Written) Read(FileSnapshot snapshot)
    {
        using var content = Assert.Single(snapshot.Files).Open();
        using var reader = new StreamReader(content);
        return (reader.ReadToEnd(), content.LastModified);
    }

    private FileSnapshot Take() => new SavePath(_project.Project.Configuration, "model.bin").TryTakeSnapshot(_directory)!;
}
