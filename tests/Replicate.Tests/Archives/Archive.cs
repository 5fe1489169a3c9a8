using System.Runtime.Versioning;
using Replicate.Archives.CheckingOut;
using Replicate.Archives.Reading;
using Replicate.Archives.Selecting;
using Replicate.Archives.Writing;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

/// <summary>Saves and checks out in one line.</summary>
internal static class Archive
{
    public const string Id = "8ee945b2f1b4d2b38ee945b2f1b4d2b38ee945b2f1b4d2b38ee945b2f1b4d2b3";

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static IReadOnlyList<SelectedFile> Select(TemporaryDirectory project, string path = ".", params string[] excluded) =>
        FileSelection.Select(project.Path, path, excluded);

    public static async Task<byte[]> SaveAsync(TemporaryDirectory project, string path = ".", string id = Id)
    {
        using var output = new MemoryStream();
        await ArchiveWriter.WriteAsync(id, Select(project, path), output, null, Token);
        return output.ToArray();
    }

    /// <summary>A tarball in memory of which ranges can be read.</summary>
    public static ArchiveFile FileOf(byte[] tarball) => new(
        tarball.Length, (offset, length, _) => Task.FromResult<Stream>(new MemoryStream(tarball, (int)offset, (int)length)));

    public static Task<IReadOnlyList<SavedFile>> ListAsync(byte[] tarball, string id = Id) => ListAsync(id, new MemoryStream(tarball));

    /// <summary>Lists a tarball by reading it from start to end; it is closed then.</summary>
    public static async Task<IReadOnlyList<SavedFile>> ListAsync(string id, Stream tarball)
    {
        using var reader = ReaderOf(id, tarball);
        return await ArchiveReader.ListAsync(reader, Token);
    }

    /// <summary>Opens a file of a tarball by reading that from its start; it is closed with the file.</summary>
    public static Task<Stream?> OpenAsync(string id, Stream tarball, string path) =>
        ArchiveReader.FindAsync(ReaderOf(id, tarball), ArchivePath.FromUser(path), Token);

    private static TarballReader ReaderOf(string id, Stream tarball)
    {
        var counter = new ByteCounter(null, "", null);
        return new TarballReader(
            id, Gzip.Decompress(new MarkedInput(tarball, counter, leaveOpen: false)), counter, ExpansionLimit.Of(tarball.CanSeek ? tarball.Length : 0, null));
    }

    public static async Task<IReadOnlyList<string>> CheckOutAsync(
        string directory, string? path, params (string Id, byte[] Tarball)[] tarballs)
    {
        await using var checkOut = new CheckOut(directory, path);
        foreach (var (id, tarball) in tarballs)
        {
            await checkOut.AddAsync(id, FileOf(tarball), cancellationToken: Token);
        }

        return checkOut.Commit();
    }

    /// <summary>Everything below a directory, links not followed, relative and in order.</summary>
    public static IEnumerable<string> Everything(string directory) =>
        Directory.EnumerateFileSystemEntries(directory, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(entry => Path.GetRelativePath(directory, entry).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    /// <summary>The permissions of a file as a person writes them, such as 644; always that on Windows.</summary>
    public static string ModeOf(string path) =>
        OperatingSystem.IsWindows() ? "644" : Convert.ToString((int)File.GetUnixFileMode(path), 8);

    /// <summary>The permissions that the user grants at most to new files.</summary>
    [UnsupportedOSPlatform("windows")]
    public static UnixFileMode Granted(TemporaryDirectory directory)
    {
        var path = directory.Combine("granted");
        var everything = (UnixFileMode)Convert.ToInt32("777", 8);
        new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = everything }).Dispose();
        var granted = File.GetUnixFileMode(path);
        File.Delete(path);
        return granted;
    }

    public static void SetMode(string path, string mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));
        }
    }

    public static void SkipOnWindows(string why) => Assert.SkipWhen(OperatingSystem.IsWindows(), why);
}
