namespace Replicate.Storage;

/// <summary>What is put into a store: bytes, a file, or what a writer produces. A store takes each the best way it can.</summary>
public abstract class ObjectContent
{
    private ObjectContent()
    {
    }

    /// <summary>Small content in memory.</summary>
    public static ObjectContent FromBytes(ReadOnlyMemory<byte> bytes) => new Bytes(bytes);

    /// <summary>Small content in memory that says something of this moment only: it need not outlive a power failure.</summary>
    public static ObjectContent OfTheMoment(ReadOnlyMemory<byte> bytes) => new Bytes(bytes) { IsDurable = false };

    /// <summary>The content of a finished file, which must not change while it is put.</summary>
    public static ObjectContent FromFile(string path) => new LocalFile(path);

    /// <summary>Content of unknown length, produced once into a stream that cannot seek.</summary>
    public static ObjectContent FromWriter(Func<Stream, CancellationToken, Task> writeAsync) => new Writer(writeAsync);

    /// <summary>The same, where somebody else makes the names of many objects durable together.</summary>
    /// <param name="writeAsync">Writes it.</param>
    /// <param name="isReadSoon">Whether the system should keep it in memory.</param>
    internal static ObjectContent FromWriterOfMany(Func<Stream, CancellationToken, Task> writeAsync, bool isReadSoon = true) =>
        new Writer(writeAsync) { IsNameDurable = false, IsReadSoon = isReadSoon };

    /// <summary>Whether it has to be on durable storage before it counts as put.</summary>
    public bool IsDurable { get; private init; } = true;

    /// <summary>Whether its name has to be so, too.</summary>
    internal bool IsNameDurable { get; private init; } = true;

    /// <summary>Whether it may be read before long, so that it is worth memory.</summary>
    internal bool IsReadSoon { get; private init; } = true;

    /// <summary>Writes the whole content to a stream.</summary>
    public abstract Task WriteToAsync(Stream stream, CancellationToken cancellationToken);

    /// <summary>Small content in memory.</summary>
    public sealed class Bytes(ReadOnlyMemory<byte> value) : ObjectContent
    {
        /// <summary>The bytes.</summary>
        public ReadOnlyMemory<byte> Value { get; } = value;

        /// <inheritdoc/>
        public override async Task WriteToAsync(Stream stream, CancellationToken cancellationToken) =>
            await stream.WriteAsync(Value, cancellationToken);
    }

    /// <summary>The content of a finished file.</summary>
    public sealed class LocalFile(string path) : ObjectContent
    {
        /// <summary>The file's absolute path.</summary>
        public string Path { get; } = path;

        /// <inheritdoc/>
        public override async Task WriteToAsync(Stream stream, CancellationToken cancellationToken)
        {
            await using var file = new FileStream(
                Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
            await file.CopyToAsync(stream, 1 << 20, cancellationToken);
        }
    }

    /// <summary>What a writer produces.</summary>
    public sealed class Writer(Func<Stream, CancellationToken, Task> writeAsync) : ObjectContent
    {
        /// <inheritdoc/>
        public override Task WriteToAsync(Stream stream, CancellationToken cancellationToken) =>
            writeAsync(stream, cancellationToken);
    }
}
