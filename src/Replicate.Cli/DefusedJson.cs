using Replicate.Storage;

namespace Replicate.Cli;

/// <summary>
/// Passes JSON on in which a <c>#</c>, which stands in texts only, is written as <c>\u0023</c>: the agent of a CI job finds no
/// command in it, and a reader of JSON finds the same text.
/// </summary>
/// <param name="output">Where it goes; it stays open.</param>
internal sealed class DefusedJson(Stream output) : WriteOnlyStream
{
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

    public override void Flush() => output.Flush();
}
