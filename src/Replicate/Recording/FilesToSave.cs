using System.IO.Compression;
using Replicate.Archives.Selecting;
using Replicate.Archives.Writing;
using Replicate.Storage;

namespace Replicate.Recording;

/// <summary>The files that are saved with an experiment or a checkpoint, selected when it was recorded.</summary>
/// <param name="Id">The experiment's or checkpoint's id.</param>
/// <param name="Files">The files; at least one.</param>
/// <param name="Progress">Told how much is saved; null for nobody.</param>
internal sealed record FilesToSave(string Id, IReadOnlyList<SelectedFile> Files, IProgress<Progress>? Progress)
{
    // Less is archived in the time that a person doesn't notice; and of many small files the copies cost as much as the tarball.
    private const long MinLength = 4 << 20;
    private const long MinFileLength = 64 << 10;

    // A copy of more takes long itself, tells no progress, and may fill the disk; sparse files most of all.
    private const long MaxLength = 1L << 30;

    /// <summary>Whether archiving takes so much longer than copying that it is better done in the background.</summary>
    internal bool IsLarge { get; } =
        Files.Sum(file => file.Length) is var length && length >= Math.Max(MinLength, Files.Count * MinFileLength) && length <= MaxLength;

    /// <summary>How hard they are compressed; see <see cref="ArchiveOptions.Level"/>.</summary>
    internal CompressionLevel Level { get; init; }

    /// <summary>The SHA-256 of the tarball in lower-case hex digits; empty until it is written.</summary>
    internal string Sha256 { get; private set; } = "";

    /// <summary>The tarball of the files.</summary>
    internal ObjectContent ToArchive() => ObjectContent.FromWriter(WriteAsync);

    /// <summary>The same, where somebody else makes the names of many tarballs durable together.</summary>
    internal ObjectContent ToArchiveOfMany() => ObjectContent.FromWriterOfMany(WriteAsync);

    /// <summary>
    /// The same beside a program that runs, whose data would have to leave the memory for what may be read in days.
    /// </summary>
    internal ObjectContent ToArchiveOfRun() => ObjectContent.FromWriterOfMany(WriteAsync, isReadSoon: false);

    private async Task WriteAsync(Stream stream, CancellationToken cancellationToken) =>
        Sha256 = (await ArchiveWriter.WriteAsync(Id, Files, stream, new ArchiveOptions { Level = Level }, Progress, cancellationToken)).Sha256;
}
