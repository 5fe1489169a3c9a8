using Replicate.Runs;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs;

public class SnapshotTests
{
    [Fact]
    public void A_place_that_was_given_back_is_written_over_and_another_one_is_not()
    {
        using var project = new TestProject();
        using var directory = new SnapshotDirectory(project.Project, "run");
        var path = new SavePath(project.Project, "model.bin");
        var first = Take("the first version, which is long");
        var place = Path.GetDirectoryName(first.Files[0].FullPath);
        first.Dispose();
        first.Dispose();

        using var second = Take("second");
        using var third = Take("the third");

        Assert.Equal(place, Path.GetDirectoryName(second.Files[0].FullPath));
        Assert.Equal(("second", 6), (File.ReadAllText(second.Files[0].FullPath), second.Length));
        Assert.Equal("the third", File.ReadAllText(third.Files[0].FullPath));

        FileSnapshot Take(string content)
        {
            project.Directory.Write("model.bin", content);
            return FileSnapshot.TryTake(path, directory, Timestamp.From(DateTime.UtcNow.AddMinutes(1)))!;
        }
    }

    [Fact]
    public void A_file_that_nobody_may_write_is_copied_over_an_earlier_copy_of_it()
    {
        using var project = new TestProject();
        using var directory = new SnapshotDirectory(project.Project, "run");
        var path = new SavePath(project.Project, "model.bin");
        var file = project.Directory.Combine("model.bin");
        foreach (var content in new[] { "one", "two" })
        {
            project.Directory.Write("model.bin", content);
            File.SetAttributes(file, FileAttributes.ReadOnly);
            using var snapshot = FileSnapshot.TryTake(path, directory, Timestamp.From(DateTime.UtcNow.AddMinutes(1)));
            Assert.Equal(content, File.ReadAllText(snapshot!.Files[0].FullPath));
            File.SetAttributes(file, FileAttributes.Normal);
        }
    }
}
