using System.Text;
using System.Text.RegularExpressions;

namespace Replicate.Tests.Storage;

/// <summary>
/// What a power cut may leave of a directory, told from what a program was seen to ask of the system (by strace): what was flushed is
/// there; of what was not, the names in one directory may be without those in another, and files without what was written to them.
/// </summary>
/// <param name="root">The absolute directory. What it holds before the program starts is on the disk.</param>
internal sealed partial class PowerCuts(string root)
{
    /// <summary>What strace has to be told to follow.</summary>
    public const string Calls = "openat,write,pwrite64,pwritev,ftruncate,rename,renameat2,link,unlink,mkdir,rmdir,fsync,fdatasync";

    private readonly Dictionary<string, Node> _names = [];
    private readonly Dictionary<string, Node> _durable = [];
    private readonly List<(string Directory, string Name, Node? Node)> _pending = [];

    /// <summary>Puts a file there that is on the disk already.</summary>
    public void Add(string path, byte[] content) =>
        _names[path] = _durable[path] = new Node(IsDirectory: false) { Content = content, Durable = content };

    /// <summary>A line of strace with paths and texts as they are read.</summary>
    public static string Readable(string line) => Escapes().Replace(line, escapes => Path(Bytes(escapes.Value)));

    /// <summary>Follows the calls, in the order in which they returned.</summary>
    /// <param name="lines">What strace wrote, with <c>-f -y -xx</c>.</param>
    /// <returns>Each line that the program printed, null for each call that changed or flushed something.</returns>
    public IEnumerable<string?> Follow(IEnumerable<string> lines)
    {
        var unfinished = new Dictionary<string, string>();
        foreach (var line in lines)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var (thread, call) = (line[..space], line[space..].TrimStart());
            if (call.EndsWith(" <unfinished ...>", StringComparison.Ordinal))
            {
                unfinished[thread] = call[..^" <unfinished ...>".Length];
                continue;
            }

            if (Resumed().Match(call) is { Success: true } resumed)
            {
                call = unfinished.Remove(thread, out var start) ? start + call[resumed.Length..] : call;
            }

            if (Call().Match(call) is { Success: true } match && !match.Groups["result"].Value.StartsWith('-'))
            {
                var arguments = match.Groups["arguments"].Value;
                var texts = Text().Matches(arguments).Select(text => Bytes(text.Groups[1].Value)).ToArray();
                var file = Descriptor().Match(arguments) is { Success: true } found ? Path(Bytes(found.Groups[1].Value)) : "";
                if (match.Groups["name"].Value == "write" && file.StartsWith("pipe:", StringComparison.Ordinal) && texts is [[.., (byte)'\n']])
                {
                    yield return Path(texts[0]).TrimEnd();
                }
                else if (Apply(match.Groups["name"].Value, arguments, file, texts))
                {
                    yield return null;
                }
            }
        }
    }

    /// <summary>The directories that a power cut at this moment may leave: the content of each file by its path, null for a directory.</summary>
    public IEnumerable<IReadOnlyDictionary<string, byte[]?>> States()
    {
        var directories = _pending.Select(change => change.Directory).Distinct().ToArray();
        foreach (var keepsContent in new[] { false, true })
        {
            yield return State(_ => true, keepsContent);
            yield return State(_ => false, keepsContent);
            foreach (var directory in directories)
            {
                yield return State(kept => kept == directory, keepsContent);
                yield return State(kept => kept != directory, keepsContent);
            }
        }
    }

    private Dictionary<string, byte[]?> State(Predicate<string> keepsNames, bool keepsContent)
    {
        var names = new Dictionary<string, Node>(_durable);
        foreach (var (_, name, node) in _pending.Where(change => keepsNames(change.Directory)))
        {
            Set(names, name, node);
        }

        return names.Where(entry => IsReached(names, entry.Key)).ToDictionary(
            entry => entry.Key, entry => entry.Value.IsDirectory ? null : keepsContent ? entry.Value.Content : entry.Value.Durable);
    }

    private bool IsReached(Dictionary<string, Node> names, string path) =>
        Parent(path) is var parent && (parent == root || (names.ContainsKey(parent) && IsReached(names, parent)));

    /// <returns>Whether it changed or flushed something in the directory.</returns>
    private bool Apply(string call, string arguments, string file, byte[][] texts)
    {
        var paths = call is "write" or "pwrite64" or "pwritev" ? [] : texts.Select(Path).ToArray();
        var target = paths.Length > 0 ? paths[^1] : file;
        if (target != root && !target.StartsWith(root + "/", StringComparison.Ordinal))
        {
            return false;
        }

        var numbers = arguments[(arguments.LastIndexOfAny(['"', '>']) + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        switch (call)
        {
            case "openat" when arguments.Contains("O_CREAT", StringComparison.Ordinal) && !_names.ContainsKey(target):
                Change(target, new Node(IsDirectory: false));
                break;
            case "openat" when arguments.Contains("O_TRUNC", StringComparison.Ordinal):
                _names[target].Content = [];
                break;
            case "mkdir":
                Change(target, new Node(IsDirectory: true));
                break;
            case "rename" or "renameat2":
                var moved = _names[paths[0]];
                Change(paths[0], null);
                Change(paths[1], moved);
                break;
            case "link":
                Change(paths[1], _names[paths[0]]);
                break;
            case "unlink" or "rmdir":
                Change(target, null);
                break;
            case "pwrite64":
                var (offset, node) = (int.Parse(numbers[^1], null), _names[file]);
                var content = new byte[Math.Max(node.Content.Length, offset + texts[0].Length)];
                node.Content.CopyTo(content, 0);
                texts[0].CopyTo(content, offset);
                node.Content = content;
                break;
            case "ftruncate":
                var (length, cut) = (int.Parse(numbers[^1], null), _names[file]);
                cut.Content = [.. cut.Content.Take(length), .. new byte[Math.Max(0, length - cut.Content.Length)]];
                break;
            case "fsync" or "fdatasync":
                Flush(file);
                break;
            case "openat":
                return false;
            default:
                throw new InvalidOperationException($"{call} of '{target}' is not followed.");
        }

        return true;
    }

    private void Change(string path, Node? node)
    {
        Set(_names, path, node);
        _pending.Add((Parent(path), path, node));
    }

    private void Flush(string path)
    {
        if (_names.GetValueOrDefault(path) is { IsDirectory: false } file)
        {
            file.Durable = file.Content;
            return;
        }

        foreach (var (_, name, node) in _pending.Where(change => change.Directory == path))
        {
            Set(_durable, name, node);
        }

        _pending.RemoveAll(change => change.Directory == path);
    }

    private static void Set(Dictionary<string, Node> names, string path, Node? node)
    {
        if (node is null)
        {
            names.Remove(path);
        }
        else
        {
            names[path] = node;
        }
    }

    private static string Parent(string path) => path[..path.LastIndexOf('/')];

    private static string Path(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace("\\x", "", StringComparison.Ordinal));

    [GeneratedRegex(@"(?:\\x[0-9a-f]{2})+")]
    private static partial Regex Escapes();

    [GeneratedRegex(@"^<\.\.\. \w+ resumed>")]
    private static partial Regex Resumed();

    [GeneratedRegex(@"^(?<name>\w+)\((?<arguments>.*)\)\s+= (?<result>-?\d+)")]
    private static partial Regex Call();

    [GeneratedRegex("\"((?:\\\\x[0-9a-f]{2})*)\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"^\d+<((?:\\x[0-9a-f]{2})*)>")]
    private static partial Regex Descriptor();

    /// <summary>A file or directory, whatever its names.</summary>
    private sealed record Node(bool IsDirectory)
    {
        public byte[] Content { get; set; } = [];

        public byte[] Durable { get; set; } = [];
    }
}
