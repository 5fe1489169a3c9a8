using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using Replicate.PowerShell.Host;
using Replicate.PowerShell.Views;

namespace Replicate.PowerShell.Cmdlets.Base;

/// <summary>What all cmdlets share: the project, the way into the engine and out of it again, and how errors are told.</summary>
public abstract class ReplicateCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Project? _project;
    private IReadOnlyList<Experiment>? _experiments;
    private bool _hasLookedUp;

    /// <summary>The URL of the repository, such as <c>file://.replicate</c>; by default that of the project.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Repository { get; set; }

    /// <summary>The project directory; by default that of the configuration file, else the current directory.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProjectDirectory { get; set; }

    /// <summary>The project that the parameters and the working directory name.</summary>
    private protected Project Project => _project ??= Run((_, _) => Task.FromResult(
        Project.Open(WorkingDirectory, ToRepository(Repository), ProjectDirectory is null ? null : ResolvePath(ProjectDirectory))));

    /// <summary>The file system location of the shell, which isn't that of the process.</summary>
    private protected string WorkingDirectory => SessionState.Path.CurrentFileSystemLocation.ProviderPath;

    /// <summary>Ends what the engine is doing.</summary>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of what the cmdlet holds.</summary>
    /// <param name="disposing">Whether it is called from <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing) => _stopping.Dispose();

    /// <summary>Runs work of the engine; whatever goes wrong ends the pipeline.</summary>
    private protected T Run<T>(Func<IProgress<Progress>, CancellationToken, Task<T>> work, object? target = null) =>
        Run(new EnginePump(this), work, target);

    /// <summary>Runs work of the engine that needs the thread of the pipeline now and then; whatever goes wrong ends the pipeline.</summary>
    private protected T RunWithPump<T>(Func<EnginePump, CancellationToken, Task<T>> work, object? target)
    {
        var pump = new EnginePump(this);
        return Run(pump, (_, token) => work(pump, token), target);
    }

    private T Run<T>(EnginePump pump, Func<IProgress<Progress>, CancellationToken, Task<T>> work, object? target)
    {
        try
        {
            return pump.Run(work, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception error) when (ErrorRecords.From(error, target) is { } record)
        {
            ThrowTerminatingError(record);
            throw;
        }
    }

    /// <summary>Runs work of the engine on one of several things; what concerns only this one does not end the pipeline.</summary>
    /// <returns>Whether it succeeded; otherwise the error is written.</returns>
    private protected bool TryRun<T>(
        object target, Func<IProgress<Progress>, CancellationToken, Task<T>> work, [MaybeNullWhen(false)] out T result)
    {
        Exception? passing = null;
        result = Run(
            async (progress, token) =>
            {
                try
                {
                    return await work(progress, token);
                }
                catch (Exception error) when (!EndsPipeline(error))
                {
                    passing = error;
                    return default!;
                }
            },
            target);
        if (passing is not null)
        {
            WriteError(ErrorRecords.From(passing, target));
        }

        return passing is null;
    }

    /// <inheritdoc cref="TryRun{T}"/>
    private protected bool TryRun(object target, Func<IProgress<Progress>, CancellationToken, Task> work) =>
        TryRun(
            target,
            async (progress, token) =>
            {
                await work(progress, token);
                return true;
            },
            out _);

    /// <summary>Emits experiments with their columns.</summary>
    private protected void WriteListing(params IReadOnlyList<Experiment> experiments) =>
        WriteListing(() => Listing.Show(experiments));

    /// <summary>Emits checkpoints with their columns.</summary>
    private protected void WriteListing(params IReadOnlyList<Checkpoint> checkpoints) =>
        WriteListing(() => Listing.Show(checkpoints));

    /// <summary>Emits experiments as a tree, with their columns.</summary>
    private protected void WriteTree(IReadOnlyList<Experiment> experiments) =>
        WriteListing(() => Listing.ShowTree(experiments));

    /// <summary>Whether an error ends the pipeline, rather than concern one of several things.</summary>
    private protected virtual bool EndsPipeline(Exception error) =>
        error is not ReplicateException { Kind: ErrorKind.NotFound or ErrorKind.Ambiguous };

    /// <summary>Ends the pipeline for an argument that is wrong.</summary>
    [DoesNotReturn]
    private protected void Refuse(string id, string message, string recommendedAction, object? target = null)
    {
        var error = new ReplicateException(ErrorKind.InvalidArgument, id, message, recommendedAction);
        ThrowTerminatingError(ErrorRecords.From(error, target));
        throw error;
    }

    /// <summary>The absolute file system path of what a person wrote, relative to the shell's location.</summary>
    private protected string ResolvePath(string path)
    {
        if (IsShellPath(path))
        {
            var resolved = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            if (provider.Name != "FileSystem")
            {
                Refuse("NotAFileSystemPath", $"'{path}' is not a path of the file system.", "Name a file or directory.", path);
            }

            return resolved;
        }

        return Path.GetFullPath(path, WorkingDirectory);
    }

    /// <summary>A path to save: absolute where the shell's drives or home are meant, otherwise as it was given.</summary>
    private protected string ToRecordedPath(string path) => IsShellPath(path) ? ResolvePath(path) : path;

    /// <summary>The URL of a repository; a path of the shell's drives or home stands for that of its directory.</summary>
    private protected string? ToRepository(string? repository) =>
        repository is not null && !repository.Contains("://", StringComparison.Ordinal)
            && !System.IO.Path.IsPathRooted(repository) && IsShellPath(repository)
            ? "file://" + ResolvePath(repository)
            : repository;

    /// <summary>A primary metric and its goal, which is to minimize it where none is given; null for no metric.</summary>
    private protected PrimaryMetric? PrimaryMetricOf(string? name, string? goal)
    {
        if (name is null && goal is not null)
        {
            Refuse("PrimaryMetricMissing", $"The goal '{goal}' is that of no metric.", "Name the metric with -PrimaryMetric.", goal);
        }

        return name is null ? null : Run((_, _) => Task.FromResult(new PrimaryMetric(name, PrimaryMetric.ParseGoal(goal ?? "minimize"))), goal);
    }

    /// <summary>What ids, prefixes and wildcards stand for, over experiments and checkpoints; an error for what is not there.</summary>
    private protected IEnumerable<Match> FindMatches(IReadOnlyCollection<string> ids)
    {
        foreach (var id in ids)
        {
            if (WildcardPattern.ContainsWildcardCharacters(id))
            {
                var pattern = new WildcardPattern(id, WildcardOptions.IgnoreCase);
                foreach (var match in Listed.SelectMany(All).Where(match => pattern.IsMatch(match.Id)))
                {
                    yield return match;
                }
            }
            else
            {
                var project = Project;
                var experiments = _hasLookedUp || ids.Count > 1 ? Listed : null;
                _hasLookedUp = true;
                if (TryRun(
                    id,
                    (_, token) => IdLookup.FindAsync(id, project, experiments, token),
                    out var match))
                {
                    yield return match;
                }
            }
        }

        static IEnumerable<Match> All(Experiment experiment) =>
            experiment.Checkpoints.Select(checkpoint => new Match(experiment, checkpoint)).Prepend(new Match(experiment, null));
    }

    /// <summary>The experiments that ids, prefixes and wildcards stand for; an error for what is not there.</summary>
    private protected IEnumerable<Experiment> FindExperiments(IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            if (WildcardPattern.ContainsWildcardCharacters(id))
            {
                var pattern = new WildcardPattern(id, WildcardOptions.IgnoreCase);
                foreach (var experiment in Listed.Where(experiment => pattern.IsMatch(experiment.Id)))
                {
                    yield return experiment;
                }
            }
            else
            {
                var project = Project;
                if (TryRun(id, (_, token) => project.Experiments.GetAsync(id, token), out var experiment))
                {
                    yield return experiment;
                }
            }
        }
    }

    private void WriteListing(Func<IEnumerable<PSObject>> show)
    {
        // Complete before the first is emitted: what comes next in the pipeline has its own log.
        PSObject[] shown;
        using (Log.SendTo(new CmdletLog(this)))
        {
            shown = show().ToArray();
        }

        WriteObject(shown, enumerateCollection: true);
    }

    private bool IsShellPath(string path) =>
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal) || SessionState.Path.IsPSAbsolute(path, out _);

    // One listing serves all ids of an invocation; a single one is looked up by itself.
    private IReadOnlyList<Experiment> Listed
    {
        get
        {
            var project = Project;
            return _experiments ??= Run((progress, token) => project.Experiments.ListAsync(null, progress, token));
        }
    }
}
