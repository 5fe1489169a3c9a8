using System.Security.Cryptography;

namespace Replicate.Archives;

/// <summary>The content of a saved file. Its end comes only when all of it was read and has the checksum that was recorded.</summary>
/// <param name="content">The bytes; it is disposed with this.</param>
/// <param name="id">The id, for the error message.</param>
/// <param name="file">The file, whose checksum is known.</param>
internal sealed class VerifiedStream(Stream content, string id, SavedFile file) : ReadOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _verified;

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
            _verified = TarEntries.Hex(_hash.GetHashAndReset()) == file.Sha256 ? true : throw ArchiveErrors.DamagedAt(id, $"'{file.Path}'");
        }

        return read.Length;
    }
}
