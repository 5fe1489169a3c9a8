using Replicate.Archives.CheckingOut;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

public class TargetFileSystemTests
{
    private const string Id = TarBytes.Id;

    private static readonly TargetFileSystem Mac = new(HasDevices: false, IgnoresCase: true, IgnoresComposition: true);

    [Fact]
    public async Task Names_that_Windows_cannot_hold_are_refused_there_all_listed_and_nothing_is_written()
    {
        string[] bad = ["CON", "nul.txt", "a/COM1.log", "lpt9", "dot.", "space ", "name:stream", "C:x", "a\\..\\..\\x", "what?", "tab\t", "b /c"];
        await AssertRefusedAsync(TargetFileSystem.Windows, bad, ["good", "a/console", "com10", "b/c"]);
    }

    [Fact]
    public async Task Names_that_differ_in_case_are_refused_where_they_are_one()
    {
        await AssertRefusedAsync(TargetFileSystem.Windows, ["README", "readme", "Dir/x", "dir/X"], ["other"]);
        await AssertRefusedAsync(Mac, ["a/É", "a/é"], ["a/e"]);
    }

    [Fact]
    public async Task Names_that_differ_in_composition_are_refused_where_they_are_one() =>
        await AssertRefusedAsync(Mac, ["caf\u00e9", "cafe\u0301"], ["cafe", "CON"]);

    [Fact]
    public async Task Here_all_names_are_written_that_are_not_refused_by_the_system()
    {
        using var target = new TemporaryDirectory();
        var here = TargetFileSystem.Of(target.Path);
        Assert.SkipWhen(here.HasDevices || here.IgnoresCase || here.IgnoresComposition, "This file system has such rules.");
        string[] names = ["CON", "README", "a:b", "cafe\u0301", "caf\u00e9", "dot.", "readme"];
        var tarball = names.Aggregate(TarBytes.Empty, (tar, name) => tar.File($"{Id}/{name}", name)).Tarball().ToArray();

        Assert.Equal(names.Order(StringComparer.Ordinal), await Archive.CheckOutAsync(target.Path, null, (Id, tarball)));
        Assert.Equal(names.Order(StringComparer.Ordinal), Archive.Everything(target.Path));
    }

    private static async Task AssertRefusedAsync(TargetFileSystem fileSystem, string[] bad, string[] good)
    {
        using var directory = new TemporaryDirectory();
        var tarball = bad.Concat(good).Aggregate(TarBytes.Empty, (tar, name) => tar.File($"{Id}/{name}")).Tarball().ToArray();
        await using (var checkOut = new CheckOut(directory.Combine("new"), null) { FileSystem = fileSystem })
        {
            await checkOut.AddAsync(Id, Archive.FileOf(tarball), cancellationToken: Archive.Token);
            var error = Assert.Throws<ReplicateException>(() => checkOut.Commit());
            Assert.Equal(("NamesImpossible", ErrorKind.Conflict), (error.Id, error.Kind));
            Assert.All(bad, name => Assert.Contains($"'{Value.Escape(name)}'", error.Message, StringComparison.Ordinal));
            Assert.All(good, name => Assert.DoesNotContain($"'{name}' (", error.Message, StringComparison.Ordinal));
        }

        Assert.Empty(Archive.Everything(directory.Path));
    }
}
