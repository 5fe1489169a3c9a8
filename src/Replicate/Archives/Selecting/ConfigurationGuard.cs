using Replicate.Archives.CheckingOut;
using Replicate.Configuration;

namespace Replicate.Archives.Selecting;

/// <summary>
/// Keeps a check-out from changing, without a word, what a project is configured with: its repository, where all that is recorded
/// goes from then on, and what is left out of what is saved.
/// </summary>
/// <param name="target">The directory that is checked out into.</param>
/// <param name="wanted">The path that the user named; empty for all.</param>
/// <param name="isFresh">Whether the directory held nothing before.</param>
/// <param name="namesOther">Whether a configuration file, given by its full path, names another repository than the files come from.</param>
internal sealed class ConfigurationGuard(string target, string wanted, bool isFresh, Func<string, bool> namesOther)
{
    private const long MaxLength = 1 << 20;

    private static readonly HashSet<string> IgnoreFiles = [.. SelectionRules.IgnoreFiles];
    private static readonly HashSet<string> Names = [.. YamlConfiguration.Names, .. SelectionRules.IgnoreFiles];

    /// <summary>Takes out, with a warning, what the user has to ask for by name.</summary>
    /// <param name="files">The staged files by their paths.</param>
    public void Apply(SortedDictionary<string, StagedFile> files)
    {
        var linked = LinkedTo();
        foreach (var path in files.Keys.Where(path => IsConfiguration(path) || linked.Contains(path)).ToList())
        {
            if (path == wanted || IsSame(files[path], FullPath(path)))
            {
                continue;
            }

            var isForeign = !IsIgnoreFile(path) && IsForeign(files, path);
            if (isFresh)
            {
                if (isForeign)
                {
                    Log.Warn(
                        $"'{path}' in '{target}' names another repository than the one that it comes from: what you record in that directory goes there.");
                }
            }
            else if (isForeign || HasConfiguration(path) || (IsIgnoreFile(path) && MayInclude(files[path])))
            {
                files.Remove(path);
                Log.Warn(
                    $"'{path}' is not checked out into '{target}', because it would change how this project is configured. "
                    + $"To take it all the same, check it out alone, by the path '{path}'.");
            }
        }
    }

    private static bool IsConfiguration(string path) => IsOneOf(Names, path);

    private static bool IsIgnoreFile(string path) => IsOneOf(IgnoreFiles, path);

    private static bool IsOneOf(HashSet<string> names, string path) =>
        ProtectedNames.Fold(path[(path.LastIndexOf('/') + 1)..]) is var name
        && (names.Contains(name) || names.Any(known => ProtectedNames.IsShortNameOf(name, known)));

    private string FullPath(string path) => Path.Combine(target, path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>What the configuration files of the target are links to.</summary>
    private HashSet<string> LinkedTo() =>
    [
        .. Names.Select(name => (Name: name, Target: new FileInfo(FullPath(name)).LinkTarget))
            .Select(link => link.Target is null ? null : ArchivePath.Follow(link.Name, ArchivePath.WithSlashes(link.Target)))
            .OfType<string>(),
    ];

    /// <summary>Whether there is one of the same kind where it would go, which it would replace or win over, or one that is linked to is replaced.</summary>
    private bool HasConfiguration(string path) =>
        !IsConfiguration(path)
        || (IsIgnoreFile(path) ? SelectionRules.IgnoreFiles : YamlConfiguration.Names)
            .Any(name => new FileInfo(FullPath(ArchivePath.Combine(ArchivePath.DirectoryOf(path), name))) is { } file && (file.Exists || file.LinkTarget is not null));

    /// <summary>Whether rules may include what is left out without them, such as files of credentials.</summary>
    private static bool MayInclude(StagedFile file) =>
        file.StagedPath is not { } staged || new FileInfo(staged).Length > MaxLength || File.ReadLines(staged).Any(line => line.TrimStart('\ufeff', ' ').StartsWith('!'));

    private bool IsForeign(SortedDictionary<string, StagedFile> files, string path)
    {
        var file = files[path];
        var staged = file.LinkTarget is null ? file.StagedPath
            : ArchivePath.Follow(path, file.LinkTarget) is { } other && files.TryGetValue(other, out var linked) ? linked.StagedPath : null;
        return staged is null || new FileInfo(staged).Length > MaxLength || namesOther(staged);
    }

    private static bool IsSame(StagedFile file, string place)
    {
        var existing = new FileInfo(place);
        if (file.StagedPath is not { } staged || existing.LinkTarget is not null)
        {
            return file.LinkTarget is not null && existing.LinkTarget is { } target && ArchivePath.WithSlashes(target) == file.LinkTarget;
        }

        return existing.Exists && existing.Length <= MaxLength && existing.Length == new FileInfo(staged).Length
            && File.ReadAllBytes(place).AsSpan().SequenceEqual(File.ReadAllBytes(staged));
    }
}
