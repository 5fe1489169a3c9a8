using System.Security.Cryptography;
using Replicate.Comparisons;

namespace Replicate.Reports;

/// <summary>A content that saved files have, once however many have it.</summary>
/// <param name="Digest">Its SHA-256, 64 lower-case hex digits.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Lines">
/// Its text as stretches of the lines of all texts: where each begins and how many lines it has. Null for what is binary or too large.
/// </param>
internal sealed record SavedContent(string Digest, long Length, IReadOnlyList<int>? Lines);

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

    private readonly Dictionary<string, IReadOnlyList<ListedFile>> _archives = [];
    private readonly Dictionary<string, int> _indexes = [];
    private readonly List<SavedContent> _contents = [];
    private readonly Dictionary<string, int> _lineIndexes = [];
    private readonly List<string> _lines = [];
    private long _length;

    /// <summary>The contents, in the order in which they were found first.</summary>
    public IReadOnlyList<SavedContent> Contents => _contents;

    /// <summary>The lines that texts have, without their ends, each once.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>The files of an experiment or of one of its checkpoints, as far as they were read; null where they were not.</summary>
    public IReadOnlyList<ListedFile>? Of(string id) => _archives.GetValueOrDefault(id);

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
            if (length <= MaxText)
            {
                start.Write(buffer, 0, read);
            }
        }

        var name = Convert.ToHexString(digest.GetHashAndReset()).ToLowerInvariant();
        if (!_indexes.TryGetValue(name, out var index))
        {
            var text = length <= MaxText && _length <= MaxTexts ? ToText(start.GetBuffer().AsSpan(0, (int)length)) : null;
            index = _indexes[name] = _contents.Count;
            _contents.Add(new SavedContent(name, length, text is null ? null : ToStretches(text)));
        }

        return index;
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

    private static string? ToText(ReadOnlySpan<byte> content) => TextContent.IsText(content) ? TextContent.Read(content) : null;
}
