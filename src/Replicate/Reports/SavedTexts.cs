using System.Security.Cryptography;
using Replicate.Comparisons;

namespace Replicate.Reports;

/// <summary>A content that saved files have, once however many have it.</summary>
/// <param name="Digest">Its SHA-256, 64 lower-case hex digits.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Lines">
/// Its text as stretches of the lines of all texts: where each begins and how many lines it has. Null for what is binary or too large.
/// </param>
/// <param name="Image">The picture that it is; null for what is none, or too large.</param>
internal sealed record SavedContent(string Digest, long Length, IReadOnlyList<int>? Lines, SavedImage? Image = null);

/// <summary>A file in the listing of a report.</summary>
/// <param name="File">Its path and what else its tarball says.</param>
/// <param name="Content">The index of its content; -1 for a link.</param>
internal sealed record ListedFile(SavedFile File, int Content);

/// <summary>
/// What was saved with the experiments of a report: each tarball is read once however often the report is written, and each
/// line of a text is kept once: the code of two experiments differs in few. Not safe from several threads.
/// </summary>
internal sealed class SavedTexts
{
    /// <summary>The most bytes of a file that is shown as text.</summary>
    internal const int MaxText = 256 * 1024;

    /// <summary>About the most characters of all lines together: what a browser takes, and what is held here.</summary>
    internal const long MaxTexts = 32L * 1024 * 1024;

    /// <summary>The most files of one tarball that are listed.</summary>
    internal const int MaxFiles = 2000;

    /// <summary>The most bytes of a tarball without an index that is read for the pictures in it.</summary>
    internal const long MaxReadWhole = 4L * 1024 * 1024;

    /// <summary>The most bytes of all pictures together.</summary>
    internal const long MaxImages = 8L * 1024 * 1024;

    private readonly Dictionary<string, IReadOnlyList<ListedFile>> _archives = [];
    private readonly Dictionary<string, IReadOnlyList<ListedFile>> _images = [];
    private readonly Dictionary<string, int> _indexes = [];
    private readonly List<SavedContent> _contents = [];
    private readonly Dictionary<string, int> _lineIndexes = [];
    private readonly List<string> _lines = [];
    private long _length;
    private long _imagesLength;

    /// <summary>The contents, in the order in which they were found first.</summary>
    public IReadOnlyList<SavedContent> Contents => _contents;

    /// <summary>The lines that texts have, without their ends, each once.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>The files of an experiment or of one of its checkpoints, as far as they were read; null where they were not.</summary>
    public IReadOnlyList<ListedFile>? Of(string id) => _archives.GetValueOrDefault(id);

    /// <summary>The pictures of a checkpoint of which only these were read, as far as it has any; null otherwise.</summary>
    public IReadOnlyList<ListedFile>? ImagesOf(string id) => _archives.ContainsKey(id) ? null : _images.GetValueOrDefault(id);

    /// <summary>Reads the files of an experiment, or of one of its checkpoints, unless they are known.</summary>
    /// <exception cref="ReplicateException">The tarball is missing or damaged.</exception>
    public async Task ReadAsync(Experiment experiment, Checkpoint? checkpoint, CancellationToken cancellationToken)
    {
        var id = checkpoint?.Id ?? experiment.Id;
        if (!_archives.ContainsKey(id))
        {
            var files = new Dictionary<string, ListedFile>();
            await new SavedFiles(experiment).ReadAsync(
                checkpoint,
                async (file, content, token) =>
                {
                    if (files.Count < MaxFiles || files.ContainsKey(file.Path))
                    {
                        files[file.Path] = new ListedFile(file, file.Kind == SavedFileKind.Link ? -1 : await IndexAsync(content, token));
                    }
                },
                cancellationToken);
            _archives[id] = [.. files.Values.OrderBy(file => file.File.Path, StringComparer.Ordinal)];
        }
    }

    /// <summary>
    /// Reads the pictures that were saved with a checkpoint, and nothing else of its tarball; none of a large tarball without an
    /// index, which would have to be read whole.
    /// </summary>
    /// <exception cref="ReplicateException">The tarball is missing or damaged.</exception>
    public async Task ReadImagesAsync(Experiment experiment, Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        if (_archives.ContainsKey(checkpoint.Id) || _images.ContainsKey(checkpoint.Id) || SavedArchive.Of(checkpoint) is not { } archive)
        {
            return;
        }

        _images[checkpoint.Id] = [];
        var tarball = await new SavedFiles(experiment).FindTarballAsync(archive, cancellationToken);
        var files = new Dictionary<string, ListedFile>();
        async Task AddAsync(SavedFile file, Stream content) =>
            files[file.Path] = new ListedFile(file, await IndexAsync(content, cancellationToken));

        if (tarball.Index is not null)
        {
            await foreach (var entry in tarball.ReadAsync(SavedImage.MayBe, progress: null, cancellationToken))
            {
                await AddAsync(entry.File, entry.Content);
            }
        }
        else if (tarball.File.Length <= MaxReadWhole)
        {
            await using var entries = await tarball.ReadAllAsync(progress: null, cancellationToken);
            while (await entries.NextAsync(cancellationToken) is { } entry)
            {
                if (SavedImage.MayBe(entry.File))
                {
                    await AddAsync(entry.File, entry.Content);
                }
            }
        }

        _images[checkpoint.Id] = [.. files.Values.OrderBy(file => file.File.Path, StringComparer.Ordinal)];
    }

    private async Task<int> IndexAsync(Stream content, CancellationToken cancellationToken)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var start = new MemoryStream();
        var buffer = new byte[1 << 16];
        var length = 0L;
        while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            length += read;
            digest.AppendData(buffer, 0, read);
            if (length <= Math.Max(MaxText, SavedImage.MaxLength))
            {
                start.Write(buffer, 0, read);
            }
        }

        var name = Convert.ToHexString(digest.GetHashAndReset()).ToLowerInvariant();
        if (!_indexes.TryGetValue(name, out var index))
        {
            index = _indexes[name] = _contents.Count;
            _contents.Add(ContentOf(name, length, start.GetBuffer().AsSpan(0, (int)start.Length)));
        }

        return index;
    }

    private SavedContent ContentOf(string digest, long length, ReadOnlySpan<byte> content)
    {
        var isWhole = content.Length == length;
        if (isWhole && _imagesLength + length <= MaxImages && SavedImage.Of(content) is { } image)
        {
            _imagesLength += length;
            return new SavedContent(digest, length, Lines: null, image);
        }

        var text = isWhole && length <= MaxText && _length <= MaxTexts && TextContent.IsText(content) ? TextContent.Read(content) : null;
        return new SavedContent(digest, length, text is null ? null : ToStretches(text));
    }

    private List<int> ToStretches(string text)
    {
        var stretches = new List<int>();
        foreach (var line in text.Split('\n'))
        {
            if (!_lineIndexes.TryGetValue(line, out var index))
            {
                index = _lineIndexes[line] = _lines.Count;
                _lines.Add(line);
                _length += line.Length;
            }

            if (stretches.Count > 0 && stretches[^2] + stretches[^1] == index)
            {
                stretches[^1]++;
            }
            else
            {
                stretches.AddRange([index, 1]);
            }
        }

        return stretches;
    }
}
