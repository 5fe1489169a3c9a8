using System.Globalization;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Recording.Spool;

/// <summary>
/// The right to send what waits of one experiment, of which there is one among all processes: an open file, which the system frees
/// with its process, and beside it a file that tells who has it and with what. That is written again every other second: a process
/// that is stopped doesn't, and loses the lease to whoever asks for it.
/// </summary>
/// <remarks>
/// A process that goes on after it lost a lease may send what another sends. That does no harm, since sending again changes
/// nothing; but what was deleted meanwhile must not come back, which is why the holder asks before each step.
/// </remarks>
internal sealed class SendingLease : IDisposable
{
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(2);

    private readonly string _token = Guid.NewGuid().ToString("N");
    private readonly string _experimentId;
    private readonly string _lockPath;
    private readonly string _holderPath;
    private readonly FileStream _file;
    private readonly Timer _timer;
    private readonly Lock _writing = new();
    private readonly Action _ended;
    private string _what = "";
    private long _count;
    private bool _isOver;

    /// <summary>Holds it until it is disposed.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="lockPath">The file that is held open.</param>
    /// <param name="holderPath">The file that tells who has it.</param>
    /// <param name="file">The first of these, open.</param>
    /// <param name="ended">Told when it is over.</param>
    internal SendingLease(string experimentId, string lockPath, string holderPath, FileStream file, Action ended)
    {
        (_experimentId, _lockPath, _holderPath, _file, _ended) = (experimentId, lockPath, holderPath, file, ended);
        Write();
        _timer = new Timer(_ => Renew(), null, Renewal, Renewal);
    }

    /// <summary>Tells others what is being sent: the key of an object, and its size in bytes where it is known.</summary>
    internal void Tell(string key, long? length)
    {
        _what = length is { } bytes ? $"{key}, {(bytes / 1e6).ToString("0.#", CultureInfo.InvariantCulture)} MB" : key;
        Renew();
    }

    /// <summary>Looks that nobody took it over.</summary>
    /// <exception cref="ReplicateException">Somebody did (<c>SendingTakenOver</c>).</exception>
    internal void EnsureHeld()
    {
        if (!IsHeld())
        {
            throw new ReplicateException(
                ErrorKind.Unavailable, "SendingTakenOver", $"Another process sends experiment {_experimentId} now, because this one stood still.",
                "Nothing is lost; try again.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_writing)
        {
            if (!_isOver && IsHeld())
            {
                DiskFile.TryDelete(_holderPath);
                DiskFile.TryDelete(_lockPath);
            }

            _isOver = true;
        }

        _file.Dispose();
        _ended();
    }

    private bool IsHeld() => SendingLeases.Read(_holderPath).StartsWith(_token, StringComparison.Ordinal);

    private void Renew()
    {
        lock (_writing)
        {
            if (!_isOver && IsHeld())
            {
                Write();
            }
        }
    }

    private void Write()
    {
        try
        {
            WholeFile.WritePrivate(
                _holderPath,
                string.Create(CultureInfo.InvariantCulture, $"{_token} {++_count}\n{Environment.ProcessId}\n{Environment.MachineName}\n{_what}\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Verbose($"'{_holderPath}' could not be written: {e.Message}");
        }
    }
}
