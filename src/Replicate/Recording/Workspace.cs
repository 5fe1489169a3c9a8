using Replicate.Archives.CheckingOut;
using Replicate.Configuration;
using Replicate.Recording.Spool;
using Replicate.Repositories;
using Replicate.Repositories.Cache;
using Replicate.Storage;

namespace Replicate.Recording;

/// <summary>
/// What recording needs of a project: its configuration and repository, what waits on this machine, and whether that may be sent.
/// </summary>
internal sealed class Workspace
{
    private readonly Lazy<Repository> _repository;
    private readonly Lazy<Uploader> _uploader;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="configuration">What names the project and its repository.</param>
    /// <param name="openStore">Opens the repository's store when it is first needed.</param>
    /// <param name="lifetime">What outlives the commands.</param>
    internal Workspace(ProjectConfiguration configuration, Func<IObjectStore> openStore, ProcessLifetime lifetime)
    {
        (Configuration, Lifetime) = (configuration, lifetime);
        Trust = new RepositoryTrust(configuration);
        _repository = new(() =>
        {
            PendingCheckOuts.Finish();
            return new Repository(openStore(), MetadataIndex.For(configuration), lifetime.Catalogs, () => Trust.IsGiven);
        });
        _uploader = new(() => lifetime.Uploaders.For(LocalState.SpoolFor(configuration), LocalState.OriginOf(configuration), Repository));
    }

    /// <summary>The configuration in force.</summary>
    internal ProjectConfiguration Configuration { get; }

    /// <summary>What goes on in the process between commands.</summary>
    internal ProcessLifetime Lifetime { get; }

    /// <summary>Whether what is recorded may go to the repository.</summary>
    internal RepositoryTrust Trust { get; }

    /// <summary>The repository.</summary>
    internal Repository Repository => _repository.Value;

    /// <summary>What archives and sends what was recorded and the repository doesn't have yet.</summary>
    internal Uploader Uploader => _uploader.Value;

    /// <summary>The same, where something may wait; null where nothing does.</summary>
    internal Uploader? WaitingUploader => _uploader.IsValueCreated || LocalState.HasSpool(Configuration) ? Uploader : null;

    /// <summary>Where a training run records to.</summary>
    /// <exception cref="ReplicateException">The repository is not trusted (<c>RepositoryNotTrusted</c>).</exception>
    internal async Task<IRunTarget> OpenTargetAsync(CancellationToken cancellationToken)
    {
        await Trust.RequireAsync(cancellationToken);
        return new MaskedTarget(
            Repository.Journal is { } journal ? new DirectTarget(Repository, journal, Uploader, Lifetime) : new SpooledTarget(Repository, Uploader));
    }

    /// <summary>Sends what waits, and completes the metadata of a repository on the disk.</summary>
    /// <param name="progress">Told how much is done.</param>
    /// <param name="isNeeded">
    /// Which experiments to send, waiting until all that was recorded of them is sent, by whomever; null for all that nobody is
    /// sending, waiting for nobody.
    /// </param>
    /// <param name="cancellationToken">Ends the work; what isn't sent goes on waiting.</param>
    /// <returns>How many experiments, checkpoints and ends were sent.</returns>
    internal async Task<int> SyncAsync(IProgress<Progress>? progress, Predicate<string>? isNeeded, CancellationToken cancellationToken)
    {
        EarlySpool.Warn(Configuration);
        var sent = WaitingUploader is not { } uploader ? 0
            : isNeeded is null ? await uploader.SendFreeAsync(progress, cancellationToken)
            : await uploader.SendAsync(progress, isNeeded, cancellationToken);
        await Repository.CompactAllAsync(cancellationToken);
        return sent;
    }
}
