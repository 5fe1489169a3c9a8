using System.Diagnostics.CodeAnalysis;

namespace Replicate.Comparisons;

/// <summary>
/// Texts put aside in a temporary file, each content once, so that many of them take no memory. The file goes with the
/// last of them that is in use.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The texts outlive it, and take the file with them.")]
internal sealed class KeptTexts
{
    private readonly FileStream _file;
    private readonly Dictionary<string, KeptText> _texts = [];

    internal KeptTexts()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 0, Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _file = new FileStream(Path.Combine(Path.GetTempPath(), $"replicate-{Path.GetRandomFileName()}"), options);
        if (!OperatingSystem.IsWindows())
        {
            // It lives on without a name, and does not stay behind when the process is killed.
            File.Delete(_file.Name);
        }
    }

    /// <summary>Keeps a content under its digest.</summary>
    internal async Task<KeptText> KeepAsync(string sha256, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (!_texts.TryGetValue(sha256, out var text))
        {
            text = new KeptText(_file, _file.Position, content.Length);
            await _file.WriteAsync(content, cancellationToken);
            _texts.Add(sha256, text);
        }

        return text;
    }
}

/// <summary>A text that was put aside.</summary>
/// <param name="File">Where it is.</param>
/// <param name="Start">Where it begins there.</param>
/// <param name="Length">How many bytes it has.</param>
internal sealed record KeptText(FileStream File, long Start, int Length)
{
    /// <summary>Reads the bytes.</summary>
    internal byte[] Read()
    {
        var bytes = new byte[Length];
        for (var done = 0; done < Length;)
        {
            var read = RandomAccess.Read(File.SafeFileHandle, bytes.AsSpan(done), Start + done);
            done += read > 0 ? read : throw new EndOfStreamException("A text that was kept aside is gone.");
        }

        return bytes;
    }
}
