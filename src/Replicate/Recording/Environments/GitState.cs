using Replicate.Archives.Selecting;

namespace Replicate.Recording.Environments;

/// <summary>
/// Reads the state of a work tree of git from its files; only whether it is dirty is asked of git. The files may come from somebody
/// else: what they name is a reference, and what it holds a commit, or it is not recorded.
/// </summary>
internal static class GitState
{
    private const int MaxDepth = 5;
    private const int MaxLength = 4096;
    private const int MaxPackedLength = 1 << 26;

    // CI checks out a commit, not a branch; these tell which it was.
    private static readonly string[] BranchVariables = ["GITHUB_HEAD_REF", "GITHUB_REF_NAME", "BUILD_SOURCEBRANCH"];

    /// <summary><c>commit</c>, <c>branch</c> (null when detached) and <c>dirty</c> (null when unknown); empty outside a work tree.</summary>
    internal static async Task<ValueMap> ReadAsync(string directory)
    {
        try
        {
            if (Find(directory) is not { } found)
            {
                return ValueMap.Empty;
            }

            var dirty = await GitStatus.IsDirtyAsync(found.WorkTree);
            var (commit, branch) = Head(found.GitDirectory);
            return Value.MapFrom(new Dictionary<string, object?>
            {
                ["commit"] = commit,
                ["branch"] = branch,
                ["dirty"] = dirty,
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Log.Verbose($"The state of git is not recorded: {e.Message}");
            return ValueMap.Empty;
        }
    }

    private static (string WorkTree, string GitDirectory)? Find(string directory)
    {
        for (string? current = directory; current is not null; current = Path.GetDirectoryName(current))
        {
            var git = Path.Combine(current, ".git");
            if (Directory.Exists(git))
            {
                return (current, git);
            }

            // A linked work tree, or a submodule.
            const string Pointer = "gitdir:";
            if (ReadText(git) is { } text && text.StartsWith(Pointer, StringComparison.Ordinal))
            {
                return Local(text[Pointer.Length..], current) is { } pointed ? (current, pointed) : null;
            }
        }

        return null;
    }

    private static (string? Commit, string? Branch) Head(string git)
    {
        const string Branches = "refs/heads/";
        var common = Path.Combine(git, "commondir");
        var shared = (ReadText(common) is { } text ? Local(text, git) : null) ?? git;
        var head = ReadText(Path.Combine(git, "HEAD"))?.Trim() ?? "";
        var branch = head.StartsWith("ref: " + Branches, StringComparison.Ordinal) && !head.Any(char.IsControl)
            ? head[("ref: " + Branches).Length..] : BranchOfCi();
        for (var depth = 0; depth < MaxDepth && head.StartsWith("ref: ", StringComparison.Ordinal); depth++)
        {
            head = Resolve(head["ref: ".Length..], git, shared) ?? "";
        }

        return (IsCommit(head) ? head : null, branch);
    }

    private static bool IsCommit(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigit);

    /// <summary>A place that a file of git names; null for one of another machine, which Windows would tell the user's name to.</summary>
    private static string? Local(string place, string directory) =>
        Path.GetFullPath(place.Trim(), directory) is var path && !path.StartsWith(@"\\", StringComparison.Ordinal) ? path : null;

    private static string? ReadText(string path) =>
        new FileInfo(path) is { Exists: true, Length: <= MaxLength } file ? File.ReadAllText(file.FullName) : null;

    private static string? Resolve(string name, string git, string shared)
    {
        if (!name.StartsWith("refs/", StringComparison.Ordinal) || ArchivePath.Normalize(name) != name || name.AsSpan().ContainsAny('\\', ':'))
        {
            return null;
        }

        foreach (var directory in new[] { git, shared })
        {
            if (ReadText(Path.Combine(directory, name)) is { } text)
            {
                return text.Trim();
            }
        }

        var packed = Path.Combine(shared, "packed-refs");
        return new FileInfo(packed) is not { Exists: true, Length: <= MaxPackedLength } ? null : File.ReadLines(packed)
            .Where(line => line.EndsWith(' ' + name, StringComparison.Ordinal)).Select(line => line[..line.IndexOf(' ', StringComparison.Ordinal)])
            .FirstOrDefault();
    }

    private static string? BranchOfCi()
    {
        const string Branches = "refs/heads/";
        var name = BranchVariables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return name?.StartsWith(Branches, StringComparison.Ordinal) == true ? name[Branches.Length..] : name;
    }
}
