namespace Replicate.Recording.Environments;

/// <summary>
/// Asks git whether a work tree is dirty, so that nothing that the work tree or its configuration says is run: no monitor, no hook,
/// no filter, no helper of a transport. git's own checks, such as of who owns the work tree, stay in force.
/// </summary>
internal static class GitStatus
{
    private static readonly string[] Harmless = ["--no-pager", "-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null"];

    // What switches a filter off.
    private static readonly string[] FilterOff = ["clean=", "smudge=", "process=", "required=false"];

    // A missing object of a partial clone would be fetched; no transport is allowed, whatever the configuration says.
    private static readonly Dictionary<string, string> Variables = new()
    {
        ["GIT_OPTIONAL_LOCKS"] = "0", ["GIT_TERMINAL_PROMPT"] = "0", ["GIT_NO_LAZY_FETCH"] = "1", ["GIT_ALLOW_PROTOCOL"] = "none", ["LC_ALL"] = "C",
    };

    /// <summary>Asks git.</summary>
    /// <returns>Whether tracked files differ from the commit; null where git isn't there, can't tell, or could only by running a filter.</returns>
    /// <exception cref="UnauthorizedAccessException">The work tree is somebody else's, and git does not trust it.</exception>
    internal static async Task<bool?> IsDirtyAsync(string workTree)
    {
        var names = await AskAsync(workTree, "", ["config", "--null", "--name-only", "--get-regexp", @"^filter\."]);
        var filters = (names?.Output ?? "").Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(name => name[..name.LastIndexOf('.')]).Distinct().ToArray();
        if (names is null || Array.Exists(filters, filter => filter.Contains('=', StringComparison.Ordinal)))
        {
            // Such a name can't be written in an argument.
            return null;
        }

        string[] off = [.. filters.SelectMany(filter => FilterOff.SelectMany(end => new[] { "-c", $"{filter}.{end}" }))];
        var status = await AskAsync(
            workTree, "", [.. off, "status", "--porcelain", "-z", "--untracked-files=no", "--no-renames", "--ignore-submodules=dirty"]);
        if (status is not { ExitCode: 0 })
        {
            return status?.Error.Contains("safe.directory", StringComparison.Ordinal) == true
                ? throw new UnauthorizedAccessException($"'{workTree}' belongs to somebody else, and git does not trust it (safe.directory)")
                : null;
        }

        var changed = status.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        if (changed.Length == 0 || filters.Length == 0 || Array.Exists(changed, line => line[0] != ' '))
        {
            return changed.Length > 0;
        }

        // What a filter makes of a file may be what was committed.
        var paths = string.Concat(changed.Select(line => line[3..] + '\0'));
        var filtered = await AskAsync(workTree, paths, ["check-attr", "-z", "--stdin", "filter"]);
        var answers = (filtered?.Output ?? "").Split('\0');
        for (var i = 2; i < answers.Length; i += 3)
        {
            if (answers[i] is "unspecified" or "unset")
            {
                return true;
            }
        }

        return null;
    }

    private static Task<Answer?> AskAsync(string workTree, string input, IEnumerable<string> arguments) =>
        Helper.AskAsync("git", workTree, Harmless.Concat(arguments), input, Variables);
}
