using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Replicate.Adapters;
using Replicate.Archives.Selecting;
using Replicate.Archives.Writing;
using Replicate.Storage;

namespace Replicate.Recording.Inputs;

/// <summary>
/// What a run reads and is not saved with it: of files and directories the size, the time of writing and the SHA-256, of objects in buckets the size and
/// the version.
/// </summary>
internal static class RunInputs
{
    private const string Size = "size";
    private const string Modified = "modified";
    private const string Sha256 = "sha256";
    private const string Files = "files";
    private const string Version = "version";

    private static readonly string[] Schemes = ["s3", "gs", "az"];

    private static readonly EnumerationOptions AllFiles = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device };

    /// <summary>Reads inputs.</summary>
    /// <param name="project">The project.</param>
    /// <param name="inputs">Files and directories, relative to the project directory or absolute; URLs of objects, as <c>s3://bucket/key</c>.</param>
    /// <param name="progress">Told how much is read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What each is, by its path with <c>/</c>, relative where it is in the project, or its URL.</returns>
    /// <exception cref="ReplicateException">One isn't there or is neither file nor directory (<c>InputNotFound</c>), or can't be read.</exception>
    internal static async Task<ValueMap> ReadAsync(
        ProjectConfiguration project, IEnumerable<string> inputs, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        using var digests = new FileDigests(project);
        var read = new Dictionary<string, object?>();
        foreach (var input in inputs)
        {
            if (input.IndexOf("://", StringComparison.Ordinal) is > 0 and var end && Schemes.Contains(input[..end].ToLowerInvariant()))
            {
                read[input] = await ReadObjectAsync(project, input, cancellationToken);
                continue;
            }

            var path = Path.GetFullPath(input, project.ProjectDirectory);
            read[NameOf(project.ProjectDirectory, path)] =
                await TryReadAsync(path, digests, progress, cancellationToken) ?? throw NotFound(input, "no such file or directory");
        }

        return Value.MapFrom(read);
    }

    /// <summary>The inputs of an experiment that are in the project directory and are no longer what they were; nothing is asked of the network.</summary>
    /// <param name="project">The project.</param>
    /// <param name="inputs">What was recorded, perhaps by somebody else.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The paths.</returns>
    internal static async Task<IReadOnlyList<string>> ChangedAsync(ProjectConfiguration project, ValueMap inputs, CancellationToken cancellationToken)
    {
        using var digests = new FileDigests(project);
        var changed = new List<string>();
        foreach (var (name, value) in inputs)
        {
            if (value is not ValueMap recorded || recorded[Sha256] is not string sha256 || ArchivePath.FromUser(name) is not { Length: > 0 } path
                || name.Contains("://", StringComparison.Ordinal))
            {
                continue;
            }

            // A size tells most that was changed without reading it.
            var full = Path.Combine(project.ProjectDirectory, path);
            var now = recorded[Size] is long size && SizeOf(full) is { } actual && actual != size ? null
                : await TryReadAsync(full, digests, null, cancellationToken);
            if (now?[Sha256] is not string digest || digest != sha256)
            {
                changed.Add(name);
            }
        }

        return changed;
    }

    private static string NameOf(string directory, string path)
    {
        var relative = Path.GetRelativePath(directory, path);
        return ArchivePath.WithSlashes(Path.IsPathRooted(relative) || ArchivePath.FromUser(relative) is null ? path : relative);
    }

    private static long? SizeOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : null;

    /// <summary>What a file or directory is; null where there is none.</summary>
    private static async Task<ValueMap?> TryReadAsync(string path, FileDigests digests, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            return await ReadDirectoryAsync(path, digests, progress, cancellationToken);
        }

        // What is no regular file, such as a pipe, may have no end.
        if (new FileInfo(path) is not { Exists: true } file || !FileTypes.IsOrdinary(file))
        {
            return null;
        }

        var counter = new ByteCounter(progress, $"Reading '{Path.GetFileName(path)}'", file.Length);
        return MapOf((Modified, TimeOf(file.LastWriteTimeUtc)), (Sha256, await digests.OfAsync(path, counter, cancellationToken)), (Size, file.Length));
    }

    /// <summary>Its SHA-256 is that of the lines <c>path NUL digest</c> of its files, in the order of their paths.</summary>
    private static async Task<ValueMap> ReadDirectoryAsync(string directory, FileDigests digests, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var files = new DirectoryInfo(directory).EnumerateFiles("*", AllFiles).Where(FileTypes.IsOrdinary)
            .Select(file => (Path: ArchivePath.WithSlashes(Path.GetRelativePath(directory, file.FullName)), File: file))
            .OrderBy(file => file.Path, Utf8Order.Instance).ToArray();
        var size = files.Sum(file => file.File.Length);
        var counter = new ByteCounter(progress, $"Reading '{Path.GetFileName(directory)}'", size);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, file) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{await digests.OfAsync(file.FullName, counter, cancellationToken)}\n"));
        }

        return MapOf(
            (Files, (long)files.Length), (Modified, TimeOf(files.Select(file => file.File.LastWriteTimeUtc).DefaultIfEmpty(DateTime.UnixEpoch).Max())),
            (Sha256, Convert.ToHexStringLower(hash.GetHashAndReset())), (Size, size));
    }

    private static async Task<ValueMap> ReadObjectAsync(ProjectConfiguration project, string url, CancellationToken cancellationToken)
    {
        // az://account/container/key; the others have the bucket alone before the key.
        var parts = url.Split('/');
        var first = parts[0].StartsWith("az", StringComparison.OrdinalIgnoreCase) ? 4 : 3;
        if (parts.Length <= first || parts[^1].Length == 0)
        {
            throw NotFound(url, "it names no object");
        }

        var store = ObjectStores.Open(StoreUrl.Normalize(string.Join('/', parts[..first]), project.ProjectDirectory));
        var info = await store.StatAsync(string.Join('/', parts[first..]), cancellationToken) ?? throw NotFound(url, "no such object");
        return MapOf((Size, info.Length), (Version, info.Version));
    }

    private static ReplicateException NotFound(string input, string why) => new(
        ErrorKind.NotFound, "InputNotFound", $"The input '{input}' is not there: {why}.",
        "Name a file or directory, relative to the project directory or absolute, or an object as s3://bucket/key, gs://bucket/key or az://account/container/key.");

    private static ValueMap MapOf(params (string Name, object? Value)[] values) => Value.MapFrom(values.ToDictionary(value => value.Name, value => value.Value));

    private static string TimeOf(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
