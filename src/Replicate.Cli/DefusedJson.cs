namespace Replicate.Cli;

/// <summary>
/// Passes JSON on in which a <c>#</c>, which stands in texts only, is written as <c>\u0023</c>: the agent of a CI job finds no
/// command in it, and a reader of JSON finds the same text.
/// </summary>
/// <param name="output">Where it goes; it stays open.</param>
internal sealed class DefusedJson(Stream output) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.IndexOf((byte)'#') is >= 0 and var mark)
        {
            output.Write(buffer[..mark]);
            output.Write("\\u0023"u8);
            buffer = buffer[(mark + 1)..];
        }

        output.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => output.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
