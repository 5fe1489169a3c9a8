namespace Replicate.Cli;

/// <summary>Writes to another stream, and loses what that doesn't take where that is to stop nothing.</summary>
/// <param name="target">The stream.</param>
/// <param name="isLoss">Whether what it throws is such a loss.</param>
internal sealed class UnfailingStream(Stream target, Func<Exception, bool> isLoss) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether an exception says that a stream takes nothing: it is closed, its reader is gone, its disk is full.</summary>
    public static bool IsLoss(Exception error) => error is IOException or UnauthorizedAccessException or ObjectDisposedException;

    public override void Flush() => Try(target.Flush);

    public override void Write(byte[] buffer, int offset, int count) => Try(() => target.Write(buffer, offset, count));

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

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
