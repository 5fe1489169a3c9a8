using Replicate.Storage;

namespace Replicate.Runs.Saves;

/// <summary>
/// Changes found by looking again and again, for systems that do not tell of them in order: a file is finished when it stayed as
/// it was for a while.
/// </summary>
internal sealed class PolledChanges : IFileChanges
{
    private const int Interval = 10;
    private const long Settled = 100;

    private readonly Func<IReadOnlyDictionary<string, FileStamp>> _look;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly Dictionary<string, long> _unsettled = [];
    private IReadOnlyDictionary<string, FileStamp> _known;
    private long _looked;

    /// <param name="look">The files that are there now.</param>
    internal PolledChanges(Func<IReadOnlyDictionary<string, FileStamp>> look) => (_look, _known) = (look, look());

    /// <inheritdoc/>
    public void Read(SaveLog log, bool isNow = false)
    {
        var now = Environment.TickCount64;
        if (!isNow && now - _looked < Interval)
        {
            return;
        }

        var found = _look();
        foreach (var path in found.Keys.Union(_known.Keys).ToArray())
        {
            if (!found.TryGetValue(path, out var stamp))
            {
                log.Change(path, isFinished: true);
                _unsettled.Remove(path);
            }
            else if (!_known.TryGetValue(path, out var before) || before != stamp)
            {
                log.Change(path, isFinished: false);
                _unsettled[path] = now;
            }
            else if (_unsettled.TryGetValue(path, out var since) && now - since >= Settled && IsClosed(path))
            {
                log.Settle(path);
                _unsettled.Remove(path);
            }
        }

        (_known, _looked) = (found, Environment.TickCount64);
    }

    /// <inheritdoc/>
    public void Wait(int milliseconds) => _wake.WaitOne(Math.Min(milliseconds, Interval));

    /// <inheritdoc/>
    public void Wake() => _wake.Set();

    /// <inheritdoc/>
    public bool TryFollowOutput(int stream, int process) => false;

    /// <inheritdoc/>
    public bool HasUnread(int stream) => false;

    /// <inheritdoc/>
    public bool HasEnded(int stream) => false;

    /// <inheritdoc/>
    public void WaitForOutput(int stream)
    {
        // Nothing is followed: who reads waits by itself.
    }

    /// <inheritdoc/>
    public int? FollowPipes() => null;

    /// <inheritdoc/>
    public bool TryFollowFile(string path, int stream) => false;

    /// <inheritdoc/>
    public void Dispose() => _wake.Dispose();

    /// <summary>Whether nobody has a file open for writing, as far as the system tells.</summary>
    private static bool IsClosed(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            return true;
        }

        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
