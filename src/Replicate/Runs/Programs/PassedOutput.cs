using System.Globalization;
using Replicate.Storage.Disk;

namespace Replicate.Runs.Programs;

/// <summary>
/// One stream of a program on its way to where it is shown or kept. Where that is closed or full the training goes on, and
/// what is lost is told: once when it begins, and how much at the end.
/// </summary>
/// <param name="target">Where the bytes go.</param>
/// <param name="name">What they are, such as <c>error output</c>.</param>
internal sealed class PassedOutput(Stream target, string name)
{
    private bool _isClosed;
    private long _lost;

    /// <summary>Writes bytes, or counts them as lost. After a full disk it is tried again with the next, after anything else not.</summary>
    internal void Write(ReadOnlySpan<byte> bytes)
    {
        if (!_isClosed)
        {
            try
            {
                target.Write(bytes);
                target.Flush();
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException)
            {
                _isClosed = e is not IOException io || !DiskError.IsFull(io);
                if (_lost == 0)
                {
                    Log.Warn($"The {name} of the program cannot be passed on: {e.Message.TrimEnd('.')}. It goes on, and its metrics are read.");
                }
            }
        }

        _lost += bytes.Length;
    }

    /// <summary>Tells how much was lost.</summary>
    internal void Finish()
    {
        if (_lost > 0)
        {
            Log.Warn(string.Create(CultureInfo.InvariantCulture, $"{_lost:N0} bytes of the {name} of the program were lost."));
        }
    }
}
