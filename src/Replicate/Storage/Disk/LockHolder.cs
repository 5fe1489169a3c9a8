using System.Globalization;

namespace Replicate.Storage.Disk;

/// <summary>The process that holds the lock of a file, as far as the system tells: Linux does, of the processes of this machine.</summary>
/// <param name="Process">Its number.</param>
/// <param name="Name">What it runs.</param>
/// <param name="IsStopped">Whether it was stopped, by SIGSTOP or a debugger, and does nothing until it goes on.</param>
internal sealed record LockHolder(int Process, string Name, bool IsStopped)
{
    private const string Locks = "/proc/locks";

    /// <summary>Who holds the lock of a file; null where nobody does or it can't be told.</summary>
    internal static LockHolder? Of(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() && UnixStatus.Of(path) is { } status
                ? File.ReadLines(Locks).Select(line => Read(line, PlaceOf(status))).FirstOrDefault(holder => holder is not null) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>As in <c>process 1234 (python3), which is stopped,</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"process {Process} ({Name})") + (IsStopped ? ", which is stopped," : "");

    // As in "1: FLOCK  ADVISORY  WRITE 708 08:02:1310761 0 EOF"; of who waits there is an arrow behind the number.
    private static LockHolder? Read(string line, string place) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, "FLOCK", _, _, var number, var locked, ..] && locked == place
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            ? Describe(process) : null;

    private static LockHolder Describe(int process)
    {
        // The name stands in brackets, and may have some itself.
        var status = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
        var (start, end) = (status.IndexOf('(', StringComparison.Ordinal), status.LastIndexOf(')'));
        return new LockHolder(process, status[(start + 1)..end], status[(end + 2)..] is ['T' or 't', ..]);
    }

    private static string PlaceOf(UnixStatus status)
    {
        var device = (ulong)status.Device;
        var (major, minor) = ((device >> 8) & 0xfff, (device & 0xff) | ((device >> 12) & 0xfff00));
        return string.Create(CultureInfo.InvariantCulture, $"{major:x2}:{minor:x2}:{status.Number}");
    }
}
