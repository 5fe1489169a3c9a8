using System.Globalization;
using System.Security.Cryptography;
using Replicate.Archives.Writing;
using Replicate.Configuration;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Recording.Inputs;

/// <summary>
/// The SHA-256 of files, of which this machine remembers those that it has read before: an unchanged file is read once. Disposing writes down what
/// is new.
/// </summary>
/// <remarks>What is remembered is told from what was changed by identity, size, and the times of writing and of any change.</remarks>
internal sealed class FileDigests : IDisposable
{
    private const string FileName = "digests";
    private const int MaxRemembered = 20_000;
    private const long MaxLength = 8 << 20;
    private const int BufferLength = 1 << 20;

    private readonly string _path;
    private readonly Dictionary<string, string> _known;
    private bool _isChanged;

    /// <param name="configuration">The project whose files they are.</param>
    internal FileDigests(ProjectConfiguration configuration)
    {
        _path = Path.Combine(LocalState.CacheFor(configuration), FileName);
        _known = Read(_path);
    }

    /// <summary>The SHA-256 of a file, in lower-case hex digits.</summary>
    /// <param name="path">A regular file.</param>
    /// <param name="counter">Told how much of it is read; all of it where that isn't needed.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">It can't be read (<c>FileUnreadable</c>), or was changed meanwhile (<c>FileChanged</c>).</exception>
    internal async Task<string> OfAsync(string path, ByteCounter counter, CancellationToken cancellationToken)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
            var began = DateTime.UtcNow;
            var (key, version) = (KeyOf(file), FileVersion.Of(file));
            if (_known.TryGetValue(key, out var known))
            {
                counter.Add(version.Length);
                return known;
            }

            await using var stream = new FileStream(file, FileAccess.Read, BufferLength);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[BufferLength];
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
                counter.Add(read);
            }

            if (KeyOf(file) != key)
            {
                throw new ReplicateException(
                    ErrorKind.Unavailable, ErrorIds.FileChanged, $"The input '{path}' was changed while it was read.", "Wait until nobody writes it, and try again.");
            }

            var sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (version.IsSettledAt(began))
            {
                _known[key] = sha256;
                _isChanged = true;
            }

            return sha256;
        }
        catch (Exception e) when (DiskError.From(e, "read", path) is { } error)
        {
            throw error;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isChanged)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            WholeFile.Write(_path, string.Concat(_known.TakeLast(MaxRemembered).Select(digest => $"{digest.Key} {digest.Value}\n")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Verbose($"What was read of the inputs is not remembered: {e.Message}");
        }
    }

    private static string KeyOf(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        var (stamp, version) = (FileStamp.Of(file), FileVersion.Of(file));
        return string.Create(
            CultureInfo.InvariantCulture, $"{stamp.Volume:x}-{stamp.Number:x}-{version.Length:x}-{version.Written.Ticks:x}-{version.Changed.Ticks:x}");
    }

    private static Dictionary<string, string> Read(string path)
    {
        var known = new Dictionary<string, string>();
        try
        {
            LocalState.CheckPrivateFile(LocalState.CacheRoot, path);
            var lines = new FileInfo(path) is { Exists: true, Length: <= MaxLength } ? File.ReadAllLines(path) : [];
            foreach (var line in lines)
            {
                if (line.Split(' ') is [var key, { Length: 64 } sha256])
                {
                    known[key] = sha256;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ReplicateException)
        {
            Log.Verbose($"What this machine remembers of inputs is not read: {e.Message}");
        }

        return known;
    }
}
