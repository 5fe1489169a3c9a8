using System.Security.Cryptography;
using Replicate.Archives.Writing;
using Replicate.Storage;

namespace Replicate.Archives.Reading;

/// <summary>Content whose checksum was recorded. Its end comes only when all of it was read and is what was recorded.</summary>
/// <param name="content">The bytes; it is disposed with this.</param>
/// <param name="sha256">The SHA-256 in lower-case hex digits.</param>
/// <param name="damaged">The error for other content.</param>
internal sealed class VerifiedStream(Stream content, string sha256, Func<ReplicateException> damaged) : ReadOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _verified;

    /// <summary>The content of a saved file.</summary>
    /// <param name="content">The bytes; it is disposed with this.</param>
    /// <param name="id">The id, for the error message.</param>
    /// <param name="file">The file, whose checksum is known.</param>
    public VerifiedStream(Stream content, string id, SavedFile file)
        : this(content, file.Sha256!, () => ArchiveErrors.DamagedAt(id, $"'{file.Path}'"))
    {
    }

    /// <exception cref="ReplicateException">The content is not what was saved (<c>ArchiveDamaged</c>).</exception>
    public override int Read(Span<byte> buffer) => buffer.IsEmpty ? 0 : Take(buffer[..content.Read(buffer)]);

    /// <inheritdoc cref="Read(Span{byte})"/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await content.ReadAsync(buffer, cancellationToken);
        return buffer.IsEmpty ? 0 : Take(buffer.Span[..read]);
    }

    protected override void Dispose(bool disposing)
    {
        content.Dispose();
        _hash.Dispose();
        base.Dispose(disposing);
    }

    private int Take(ReadOnlySpan<byte> read)
    {
        _hash.AppendData(read);
        if (read.IsEmpty && !_verified)
        {
            _verified = TarEntries.Hex(_hash.GetHashAndReset()) == sha256 ? true : throw damaged();
        }

        return read.Length;
    }
}
