using Microsoft.Win32.SafeHandles;
using Replicate.Archives.Writing;

namespace Replicate.Archives.Snapshots;

/// <summary>
/// The content of a file as long as it was when it was opened. Reading its last byte fails where the file was changed
/// meanwhile, so that nobody takes half of one version and half of another for a file.
/// </summary>
internal sealed class LiveFile : FileContent
{
    private const UnixFileMode ModeWithoutUnix =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private readonly ByteCounter? _counter;
    private long _position;

    /// <exception cref="ReplicateException">The file is gone (<c>FileChanged</c>) or cannot be read (<c>FileUnreadable</c>).</exception>
    public LiveFile(string path, ByteCounter? counter = null)
    {
        (_path, _counter) = (path, counter);
        try
        {
            // A training program may still hold the file open for writing; whether it writes is checked at the end.
            _handle = File.OpenHandle(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Changed(path, "vanished before it could be saved", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Unreadable(e);
        }

        Length = RandomAccess.GetLength(_handle);
        LastModified = File.GetLastWriteTimeUtc(_handle);
        Mode = OperatingSystem.IsWindows() ? ModeWithoutUnix : File.GetUnixFileMode(_handle);
    }

    public override long Length { get; }

    public override DateTime LastModified { get; }

    public override UnixFileMode Mode { get; }

    // Whoever knows the length ahead writes it into a header; for that the runtime asks whether a stream seeks.
    public override bool CanSeek => true;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var wanted = buffer[..Wanted(buffer.Length)];
        return wanted.IsEmpty ? 0 : Advance(RandomAccess.Read(_handle, wanted, _position));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = buffer[..Wanted(buffer.Length)];
        return wanted.IsEmpty ? 0 : Advance(await RandomAccess.ReadAsync(_handle, wanted, _position, cancellationToken));
    }

    protected override void Dispose(bool disposing)
    {
        _handle.Dispose();
        base.Dispose(disposing);
    }

    private int Wanted(int count) => (int)Math.Min(count, Length - _position);

    private int Advance(int read)
    {
        _position += read;
        _counter?.Add(read);
        if (read == 0
            || (_position == Length
                && (RandomAccess.GetLength(_handle) != Length || File.GetLastWriteTimeUtc(_handle) != LastModified)))
        {
            throw Changed(_path);
        }

        return read;
    }

    /// <summary>The error for a file that isn't what it was.</summary>
    internal static ReplicateException Changed(string path, string how = "changed while it was being saved", Exception? cause = null) => new(
        ErrorKind.Conflict, ErrorIds.FileChanged, $"The file '{path}' {how}.",
        "Save again when nothing writes to it, or exclude it in .replicateignore.", cause);
}
