using System.Text;
using Replicate.Configuration;
using Replicate.Storage.Disk;

namespace Replicate.Archives.CheckingOut;

/// <summary>
/// What a check-out is about to do, in a file of the user's own: with it a later command finishes what this process was killed at.
/// It does not lie where the files go, so that nobody who writes there can give orders. The file is locked while the process lives.
/// </summary>
internal sealed class CheckOutPlan : IDisposable
{
    private const string DirectoryName = "check-outs";
    private const string Version = "1";
    private const string OfFile = "file";
    private const string OfLink = "link";
    private const string End = "end";

    private readonly FileStream _file;
    private bool _isLeft;

    private CheckOutPlan(FileStream file, string target, string staging) => (_file, Target, Staging) = (file, target, staging);

    /// <summary>The directory of all plans of this user.</summary>
    public static string AllPlans => Path.Combine(LocalState.StateRoot, DirectoryName);

    /// <summary>The absolute directory that is checked out into.</summary>
    public string Target { get; }

    /// <summary>The name of the staging directory in it.</summary>
    public string Staging { get; }

    /// <summary>What goes where; null where that was not decided.</summary>
    public SortedDictionary<string, StagedFile>? Files { get; private init; }

    /// <summary>When it was last written, in UTC.</summary>
    public DateTime Written { get; private init; }

    /// <summary>Begins a plan.</summary>
    /// <param name="target">The absolute directory that is checked out into.</param>
    /// <param name="staging">The name of the staging directory in it.</param>
    /// <param name="directory">Where the plan is kept; null for where this user's are.</param>
    /// <returns>Null, after a word in verbose messages, where none can be written: the check-out goes on without.</returns>
    public static CheckOutPlan? Begin(string target, string staging, string? directory = null)
    {
        directory ??= AllPlans;
        try
        {
            LocalState.CheckPrivate(LocalState.StateRoot, directory);
            CreationMode.CreateDirectory(directory);
            var options = CreationMode.Open(FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            options.BufferSize = 1 << 16;
            var plan = new CheckOutPlan(new FileStream(Path.Combine(directory, staging), options), target, staging);
            plan.Write([], isComplete: false, isDurable: false);
            return plan;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ReplicateException)
        {
            Log.Verbose($"A check-out that is interrupted could not be finished later, because its plan cannot be written: {e.Message}");
            return null;
        }
    }

    /// <summary>Opens a plan that another process left behind.</summary>
    /// <returns>Null where that process is still at it; without a target where the file says nothing that makes sense.</returns>
    public static CheckOutPlan? TryOpen(string path)
    {
        FileStream file;
        var written = File.GetLastWriteTimeUtc(path);
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        using var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16, leaveOpen: true);
        if (reader.ReadLine()?.Split(' ') is not [Version, var target, var staging]
            || !Path.IsPathFullyQualified(Uri.UnescapeDataString(target))
            || Path.GetFileName(path) != staging || !staging.StartsWith(CheckOut.StagingPrefix, StringComparison.Ordinal))
        {
            return new CheckOutPlan(file, "", "");
        }

        return new CheckOutPlan(file, Uri.UnescapeDataString(target), staging) { Files = ReadFiles(reader), Written = written };
    }

    /// <summary>Decides what goes where: from now on that is finished, by whoever comes.</summary>
    /// <param name="files">The files by their paths.</param>
    /// <param name="isDurable">Whether it has to survive a power cut.</param>
    public void Write(SortedDictionary<string, StagedFile> files, bool isDurable) => Write(files, isComplete: true, isDurable);

    /// <summary>Takes the decision back, after what was done.</summary>
    public void Abandon() => Write([], isComplete: false, isDurable: false);

    /// <summary>Leaves it to a later command.</summary>
    public void Leave() => _isLeft = true;

    /// <summary>Deletes it, unless it was left.</summary>
    public void Dispose()
    {
        if (!_isLeft && !OperatingSystem.IsWindows())
        {
            // While it is locked, so that nobody opens what is about to go.
            DiskFile.TryDelete(_file.Name);
        }

        _file.Dispose();
        if (!_isLeft && OperatingSystem.IsWindows())
        {
            DiskFile.TryDelete(_file.Name);
        }
    }

    private static SortedDictionary<string, StagedFile>? ReadFiles(StreamReader reader)
    {
        var files = new SortedDictionary<string, StagedFile>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line && line != End)
        {
            switch (line.Split(' '))
            {
                case [OfFile, var name, var path]:
                    files[Uri.UnescapeDataString(path)] = new StagedFile(name, null);
                    break;
                case [OfLink, var to, var path]:
                    files[Uri.UnescapeDataString(path)] = new StagedFile(null, Uri.UnescapeDataString(to));
                    break;
                default:
                    return null;
            }

            if (reader.Peek() < 0)
            {
                return null;
            }
        }

        return files.Count > 0 ? files : null;
    }

    private void Write(SortedDictionary<string, StagedFile> files, bool isComplete, bool isDurable)
    {
        _file.SetLength(0);
        using (var writer = new StreamWriter(_file, bufferSize: 1 << 16, leaveOpen: true))
        {
            writer.NewLine = "\n";
            writer.WriteLine($"{Version} {Uri.EscapeDataString(Target)} {Staging}");
            foreach (var (path, file) in files)
            {
                var (kind, from) = file.LinkTarget is { } target ? (OfLink, Uri.EscapeDataString(target)) : (OfFile, file.StagedName);
                writer.WriteLine($"{kind} {from} {Uri.EscapeDataString(path)}");
            }

            if (isComplete)
            {
                writer.WriteLine(End);
            }
        }

        _file.Flush(isDurable);
        if (isDurable)
        {
            DirectoryFlush.Flush(Path.GetDirectoryName(_file.Name)!);
        }
    }
}
