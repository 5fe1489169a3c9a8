using Replicate.Storage;

namespace Replicate.Cli;

/// <summary>Writes to another stream, and loses what that doesn't take where that is to stop nothing.</summary>
/// <param name="target">The stream.</param>
/// <param name="isLoss">Whether what it throws is such a loss.</param>
internal sealed class UnfailingStream(Stream target, Func<Exception, bool> isLoss) : OneWayStream
{
    public override bool CanWrite => true;

    /// <summary>Whether an exception says that a stream takes nothing: it is closed, its reader is gone, its disk is full.</summary>
    public static bool IsLoss(Exception error) => error is IOException or UnauthorizedAccessException or ObjectDisposedException;

    public override void Flush() => Try(target.Flush);

    public override void Write(byte[] buffer, int offset, int count) => Try(() => target.Write(buffer, offset, count));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Try(target.Dispose);
        }

        base.Dispose(disposing);
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (isLoss(e))
        {
            // There is no other place to say it.
        }
    }
}
