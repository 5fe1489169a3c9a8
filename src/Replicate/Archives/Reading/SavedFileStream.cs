using Replicate.Storage;

namespace Replicate.Archives.Reading;

/// <summary>One file of a tarball. Its end comes only when the rest of the tarball was read too and found whole.</summary>
internal sealed class SavedFileStream(TarballReader tarball, Stream content) : ReadOnlyStream
{
    private bool _ended;

    public override int Read(Span<byte> buffer)
    {
        var read = content.Read(buffer);
        if (read == 0 && !buffer.IsEmpty && !_ended)
        {
            tarball.Content.SkipToEnd();
            _ended = true;
        }

        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await content.ReadAsync(buffer, cancellationToken);
        if (read == 0 && !buffer.IsEmpty && !_ended)
        {
            await tarball.Content.SkipToEndAsync(cancellationToken);
            _ended = true;
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            tarball.Dispose();
        }

        base.Dispose(disposing);
    }
}
