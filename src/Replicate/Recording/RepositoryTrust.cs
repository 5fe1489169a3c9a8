using Replicate.Configuration;
using Replicate.Recording.Spool;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Recording;

/// <summary>
/// Whether what is recorded may go to a repository that a configuration file names. Such a file may have come with somebody else's
/// project: a remote repository in it gets nothing before the user has written to it from this project, named it in another way,
/// or agreed. Reading, and a repository on the disk, need none of that.
/// </summary>
/// <remarks>
/// What was agreed to is a file of its own in the user's state, which says of which project and repository it speaks: names of
/// files alone could be made to be alike.
/// </remarks>
internal sealed class RepositoryTrust
{
    private const string Variable = "REPLICATE_TRUST";
    private const string Everything = "*";

    private readonly ProjectConfiguration _configuration;
    private readonly Func<string, string?> _variable;
    private readonly Lock _lock = new();
    private Task? _asking;
    private bool _isRefused;

    /// <summary>Looks at nothing yet.</summary>
    /// <param name="configuration">What names the repository.</param>
    /// <param name="variable">The value of a variable of the environment, null where it isn't set; null for that of the process.</param>
    internal RepositoryTrust(ProjectConfiguration configuration, Func<string, string?>? variable = null) =>
        (_configuration, _variable) = (configuration, variable ?? Environment.GetEnvironmentVariable);

    private string Origin => LocalState.OriginOf(_configuration);

    private string FilePath => Path.Combine(
        LocalState.DirectoryFor(_configuration), "trusted", LocalState.NameOf(_configuration.Repository));

    /// <summary>Asks where that is needed, once, and remembers a yes; returns only where the repository may be written to.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ReplicateException">The user said no, or nobody could be asked (<c>RepositoryNotTrusted</c>).</exception>
    internal Task RequireAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Several that come at once wait for one answer.
            return _asking is { IsFaulted: false, IsCanceled: false } ? _asking : _asking = AskAsync(cancellationToken);
        }
    }

    /// <summary>Remembers that the user named the repository; where that can't be written, it is asked again.</summary>
    internal void Remember()
    {
        if (StoreUrl.ToDirectory(_configuration.Repository) is not null)
        {
            return;
        }

        try
        {
            var directory = Path.GetDirectoryName(FilePath)!;
            LocalState.CheckPrivateFile(LocalState.StateRoot, FilePath);
            if (IsSaid(FilePath))
            {
                return;
            }

            CreationMode.CreateDirectory(directory);
            WholeFile.WritePrivate(FilePath, Origin);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ReplicateException)
        {
            Log.Verbose($"That the repository is trusted is not remembered: {e.Message}");
        }
    }

    /// <summary>Whether the repository may be written to without asking anybody.</summary>
    internal bool IsGiven
    {
        get
        {
            try
            {
                return IsNeedless || !_configuration.IsRepositoryFromFile || IsListed(_variable(Variable)) || IsRemembered();
            }
            catch (ReplicateException)
            {
                return false;
            }
        }
    }

    // What a CI job checks out is the job's own.
    private bool IsNeedless => StoreUrl.ToDirectory(_configuration.Repository) is not null || CiJob.Of(_variable) is not null;

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        if (IsNeedless)
        {
            return;
        }

        if (_configuration.IsRepositoryFromFile)
        {
            if (IsListed(_variable(Variable)) || IsRemembered())
            {
                return;
            }

            var answer = _isRefused ? false : await Log.AskAsync(
                $"'{_configuration.ConfigurationFile}' names the repository '{_configuration.Repository}', to which you have not written from this "
                    + "project before. Files, params and command lines that are recorded are sent there.",
                cancellationToken);
            if (answer != true)
            {
                _isRefused = answer == false;
                throw NotTrusted();
            }
        }

        Remember();
    }

    /// <summary>Whether it was agreed to, or something that was recorded for it has waited on this machine.</summary>
    private bool IsRemembered()
    {
        var spool = Path.Combine(LocalState.SpoolFor(_configuration), SpoolOrigin.FileName);
        foreach (var path in new[] { FilePath, spool })
        {
            LocalState.CheckPrivateFile(LocalState.StateRoot, path);
            if (IsSaid(path))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsSaid(string path)
    {
        try
        {
            return File.Exists(path) && File.ReadAllText(path) == Origin;
        }
        catch (Exception e) when (DiskError.From(e, "read", path) is { } error)
        {
            throw error;
        }
    }

    private bool IsListed(string? list) =>
        (list ?? "").Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Any(url => url == Everything || url.TrimEnd('/') == _configuration.Repository);

    private ReplicateException NotTrusted() => new(
        ErrorKind.PermissionDenied, "RepositoryNotTrusted",
        $"'{_configuration.ConfigurationFile}' names the repository '{_configuration.Repository}', to which you have not written from this project "
            + "before: nothing was sent.",
        $"Where you trust it, answer yes at a prompt, set {Variable}={_configuration.Repository}, or name the repository with -Repository, -R "
            + "or REPLICATE_REPOSITORY once.");
}
