using System.Globalization;
using Replicate.Archives.Selecting;
using Replicate.Configuration;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Recording;

/// <summary>
/// The directories inside a project that experiments were checked out into, which are not saved with it again. A line of a file in
/// the local state has each of them with a few of the files that were checked out: a directory that holds none of them any more,
/// or only changed ones, is another one that came to have the same name.
/// </summary>
internal static class CheckOutTargets
{
    private const string FileName = "targets";
    private const int MaxTargets = 200;
    private const int MaxSamples = 8;
    private const long MaxLength = 1 << 20;

    /// <summary>The absolute directories that are still what was checked out.</summary>
    internal static IReadOnlyList<string> Of(ProjectConfiguration configuration) =>
        [.. Read(configuration).Where(target => IsStillThere(configuration, target)).Select(target => FullPath(configuration, target.Path))];

    /// <summary>Notes a directory. One outside the project, or the project itself, is none; where it can't be written nothing is noted.</summary>
    /// <param name="configuration">The project.</param>
    /// <param name="directory">Absolute; it held nothing, or was noted, before.</param>
    /// <param name="files">What was checked out, relative to it.</param>
    internal static void Add(ProjectConfiguration configuration, string directory, IEnumerable<string> files)
    {
        var relative = Path.GetRelativePath(RealPath.Of(configuration.ProjectDirectory), RealPath.Of(directory));
        if (relative == "." || RealPath.Leaves(relative))
        {
            return;
        }

        var samples = files.Select(file => SampleOf(directory, file)).OfType<Sample>().Take(MaxSamples).ToArray();
        if (samples.Length == 0)
        {
            return;
        }

        var added = new Target(ArchivePath.WithSlashes(relative), samples);
        var path = PathFor(configuration);
        try
        {
            LocalState.CheckPrivateFile(LocalState.StateRoot, path);
            var lines = Read(configuration)
                .Where(target => target.Path != added.Path && IsStillThere(configuration, target))
                .TakeLast(MaxTargets - 1).Append(added).Select(target => ToLine(target) + "\n");
            CreationMode.CreateDirectory(Path.GetDirectoryName(path)!);
            WholeFile.WritePrivate(path, string.Concat(lines));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ReplicateException)
        {
            Log.Verbose($"That '{directory}' is a check-out target could not be noted: {e.Message}");
        }
    }

    private static string PathFor(ProjectConfiguration configuration) => Path.Combine(LocalState.DirectoryFor(configuration), FileName);

    private static string FullPath(ProjectConfiguration configuration, string path) =>
        Path.GetFullPath(path, RealPath.Of(configuration.ProjectDirectory));

    private static bool IsStillThere(ProjectConfiguration configuration, Target target) =>
        Array.Exists(target.Samples, sample => SampleOf(FullPath(configuration, target.Path), sample.Path) == sample);

    private static Sample? SampleOf(string directory, string path)
    {
        try
        {
            var file = new FileInfo(Path.Combine(directory, path));
            return file.Exists && file.LinkTarget is null ? new Sample(path, file.Length, file.LastWriteTimeUtc.Ticks) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static string ToLine(Target target) => string.Join(' ', target.Samples.Select(sample => string.Create(
        CultureInfo.InvariantCulture, $"{Uri.EscapeDataString(sample.Path)}:{sample.Length}:{sample.Written}")).Prepend(Uri.EscapeDataString(target.Path)));

    private static List<Target> Read(ProjectConfiguration configuration)
    {
        var targets = new List<Target>();
        var path = PathFor(configuration);
        try
        {
            LocalState.CheckPrivateFile(LocalState.StateRoot, path);
            var file = new FileInfo(path);
            foreach (var line in file.Exists && file.Length <= MaxLength ? File.ReadLines(path).Take(MaxTargets) : [])
            {
                var parts = line.Split(' ');
                var samples = parts.Skip(1).Take(MaxSamples).Select(ParseSample).OfType<Sample>().ToArray();
                var target = Uri.UnescapeDataString(parts[0]);
                if (samples.Length > 0 && ArchivePath.FromUser(target) is { Length: > 0 })
                {
                    targets.Add(new Target(target, samples));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ReplicateException)
        {
            Log.Verbose($"'{path}' is passed over: {e.Message}");
        }

        return targets;
    }

    private static Sample? ParseSample(string text) =>
        text.Split(':') is [var path, var length, var written]
        && long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
        && long.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new Sample(Uri.UnescapeDataString(path), bytes, ticks) : null;

    /// <summary>A directory with some of its files.</summary>
    private sealed record Target(string Path, Sample[] Samples);

    /// <summary>A file as it was checked out.</summary>
    private sealed record Sample(string Path, long Length, long Written);
}
