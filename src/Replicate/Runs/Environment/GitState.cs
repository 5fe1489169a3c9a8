namespace Replicate.Runs;

/// <summary>Reads the state of a work tree of git from its files; only whether it is dirty is asked of git.</summary>
internal static class GitState
{
    private const int MaxDepth = 5;

    // A pipeline checks out a commit, not a branch; these tell which it was.
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

            var (commit, branch) = Head(found.GitDirectory);
            var status = await Helper.AskAsync("git", found.WorkTree, "status", "--porcelain", "--untracked-files=no");
            return Value.MapFrom(new Dictionary<string, object?>
            {
                ["commit"] = commit,
                ["branch"] = branch,
                ["dirty"] = status is null ? null : status.Trim().Length > 0,
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
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
            if (File.Exists(git) && File.ReadAllText(git) is var text && text.StartsWith(Pointer, StringComparison.Ordinal))
            {
                return (current, Path.GetFullPath(text[Pointer.Length..].Trim(), current));
            }
        }

        return null;
    }

    private static (string? Commit, string? Branch) Head(string git)
    {
        const string Branches = "refs/heads/";
        var common = Path.Combine(git, "commondir");
        var shared = File.Exists(common) ? Path.GetFullPath(File.ReadAllText(common).Trim(), git) : git;
        var head = File.ReadAllText(Path.Combine(git, "HEAD")).Trim();
        var branch = head.StartsWith("ref: " + Branches, StringComparison.Ordinal) ? head[("ref: " + Branches).Length..] : BranchOfPipeline();
        for (var depth = 0; depth < MaxDepth && head.StartsWith("ref: ", StringComparison.Ordinal); depth++)
        {
            head = Resolve(head["ref: ".Length..], git, shared) ?? "";
        }

        return (head.Length > 0 ? head : null, branch);
    }

    private static string? Resolve(string name, string git, string shared)
    {
        foreach (var directory in new[] { git, shared })
        {
            var file = Path.Combine(directory, name);
            if (File.Exists(file))
            {
                return File.ReadAllText(file).Trim();
            }
        }

        var packed = Path.Combine(shared, "packed-refs");
        return !File.Exists(packed) ? null : File.ReadLines(packed)
            .Where(line => line.EndsWith(' ' + name, StringComparison.Ordinal)).Select(line => line[..line.IndexOf(' ', StringComparison.Ordinal)])
            .FirstOrDefault();
    }

    private static string? BranchOfPipeline()
    {
        const string Branches = "refs/heads/";
        var name = BranchVariables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return name?.StartsWith(Branches, StringComparison.Ordinal) == true ? name[Branches.Length..] : name;
    }
}
