using Replicate.Metadata;
using Replicate.Recording;
using Replicate.Recording.Secrets;

namespace Replicate;

/// <summary>
/// What is done with an experiment, and where it belongs. No members of its own: a shell, which can't wait for a task, and what writes out
/// an object with all that it leads to, don't see them.
/// </summary>
public static class ExperimentExtensions
{
    extension(Experiment experiment)
    {
        /// <summary>The project it was read through.</summary>
        public Project Project => experiment.Owner;

        /// <summary>All that its metadata file says.</summary>
        public ExperimentMetadata Metadata => experiment.Snapshot.Metadata;

        /// <summary>Records metrics and files.</summary>
        /// <param name="options">What is recorded.</param>
        /// <param name="progress">Told how much is saved.</param>
        /// <param name="cancellationToken">Ends the work; nothing is recorded then.</param>
        /// <exception cref="ReplicateException">Metrics or path are wrong, or the repository can't be written to.</exception>
        public async Task<Checkpoint> CheckpointAsync(
            CheckpointOptions options, IProgress<Progress>? progress = null, CancellationToken cancellationToken = default)
        {
            var addition = await new Recorder(experiment.Owner.Workspace).AddCheckpointAsync(experiment.Snapshot, options, progress, cancellationToken);
            experiment.Take(addition);
            return addition.Added[0];
        }

        /// <summary>
        /// Stops the heartbeat, records how the experiment ended, and waits until a remote repository has all of it.
        /// </summary>
        /// <param name="status">Completed, failed or interrupted.</param>
        /// <param name="exitCode">The exit code of the training program, or null.</param>
        /// <param name="progress">Told how much is sent.</param>
        /// <param name="cancellationToken">Ends the work.</param>
        /// <exception cref="ReplicateException">The experiment is gone, or the repository can't be written to.</exception>
        public Task StopAsync(
            ExperimentStatus status = ExperimentStatus.Completed, int? exitCode = null, IProgress<Progress>? progress = null,
            CancellationToken cancellationToken = default) =>
            experiment.StopAsync(status, exitCode, errorOutput: "", progress, cancellationToken);

        /// <summary>
        /// Stops the heartbeat, records how the experiment ended, and waits until a remote repository has all of it.
        /// </summary>
        /// <param name="status">Completed, failed or interrupted.</param>
        /// <param name="exitCode">The exit code of the training program, or null.</param>
        /// <param name="errorOutput">The last lines of its error output, recorded without secrets; empty for none.</param>
        /// <param name="progress">Told how much is sent.</param>
        /// <param name="cancellationToken">Ends the work.</param>
        /// <exception cref="ReplicateException">The experiment is gone, or the repository can't be written to.</exception>
        public async Task StopAsync(
            ExperimentStatus status, int? exitCode, string errorOutput, IProgress<Progress>? progress = null,
            CancellationToken cancellationToken = default)
        {
            var metadata = await new Recorder(experiment.Owner.Workspace).StopAsync(experiment.Snapshot, status, exitCode, errorOutput, progress, cancellationToken);
            experiment.Snapshot = ExperimentSnapshot.Of(metadata, heartbeat: null, await experiment.Owner.Workspace.Uploader.HasPendingAsync(experiment.Id, cancellationToken));
        }

        /// <summary>Waits until the repository has all that was recorded, and reads the experiment again.</summary>
        /// <param name="progress">Told how much is sent.</param>
        /// <param name="cancellationToken">Ends the wait; what isn't sent goes on waiting.</param>
        /// <returns>The experiment itself.</returns>
        /// <exception cref="ReplicateException">The repository refuses or does not answer; all that waits is kept.</exception>
        public async Task<Experiment> SyncAsync(IProgress<Progress>? progress = null, CancellationToken cancellationToken = default)
        {
            await experiment.Owner.Workspace.SyncAsync(progress, waiting => waiting == experiment.Id, cancellationToken);
            await experiment.RefreshAsync(cancellationToken);
            return experiment;
        }

        /// <summary>Changes its tags and note.</summary>
        /// <param name="tags">All its tags from now on; null to leave them.</param>
        /// <param name="note">Its note from now on, empty for none; null to leave it.</param>
        /// <param name="cancellationToken">Ends the work.</param>
        /// <exception cref="ReplicateException">A tag is wrong, the experiment is gone, or the repository can't be written to.</exception>
        public async Task SetAsync(IEnumerable<string>? tags, string? note, CancellationToken cancellationToken = default)
        {
            using var mask = new Masking();
            var list = tags is null ? null : mask.Of(TagList.From(tags));
            note = note is null ? null : mask.Of(note);
            await experiment.Owner.Workspace.Trust.RequireAsync(cancellationToken);
            var uploader = experiment.Owner.Workspace.Uploader;
            var isPending = await uploader.HasPendingAsync(experiment.Id, cancellationToken);
            ExperimentMetadata metadata;
            try
            {
                metadata = await UpdateAsync();
            }
            catch (ReplicateException error) when (isPending && error.Id == ErrorIds.ExperimentDeleted)
            {
                // The repository doesn't have it yet.
                await uploader.SendAsync(null, waiting => waiting == experiment.Id, cancellationToken);
                metadata = await UpdateAsync();
            }

            var heartbeat = (await experiment.Owner.Workspace.Repository.ReadHeartbeatAsync(experiment.Id, cancellationToken))?.Heartbeat;
            experiment.Snapshot = ExperimentSnapshot.Of(metadata, heartbeat, isPending: false);
            if (isPending)
            {
                uploader.Start();
                await experiment.RefreshAsync(cancellationToken);
            }

            Task<ExperimentMetadata> UpdateAsync() => experiment.Owner.Workspace.Repository.UpdateExperimentAsync(
                experiment.Id,
                document => document.ChangeExtension(
                    extension => extension with { Tags = list ?? extension.Tags, Note = note ?? extension.Note }),
                cancellationToken);
        }

        /// <summary>Reads it from the repository again.</summary>
        /// <exception cref="ReplicateException">It is no longer there (<c>IdNotFound</c>).</exception>
        public async Task RefreshAsync(CancellationToken cancellationToken = default)
        {
            var (metadata, heartbeat, isPending) = await experiment.Owner.Experiments.ReadOneAsync(experiment.Id, cancellationToken)
                ?? throw IdLookup.NotFound(experiment.Id);
            experiment.Snapshot = ExperimentSnapshot.Of(metadata, heartbeat, isPending);
        }

        /// <summary>Deletes it with its checkpoints, heartbeat and tarballs.</summary>
        /// <exception cref="ReplicateException">A checkpoint has a name (<c>CheckpointNamed</c>), or the repository can't be written to.</exception>
        public Task DeleteAsync(CancellationToken cancellationToken = default) => experiment.DeleteAsync(force: false, cancellationToken);

        /// <summary>Deletes it with its checkpoints, heartbeat and tarballs.</summary>
        /// <param name="force">Whether checkpoints that have names go, too, and their names are taken off.</param>
        /// <param name="cancellationToken">Ends the work.</param>
        /// <exception cref="ReplicateException">A checkpoint has a name (<c>CheckpointNamed</c>), or the repository can't be written to.</exception>
        public Task DeleteAsync(bool force, CancellationToken cancellationToken = default) =>
            new ExperimentDeletion(experiment, force).RunAsync(cancellationToken);

        /// <summary>Deletes one of its checkpoints, tarball and entry.</summary>
        /// <exception cref="ReplicateException">The checkpoint has a name (<c>CheckpointNamed</c>), or the repository can't be written to.</exception>
        public Task DeleteCheckpointAsync(Checkpoint checkpoint, CancellationToken cancellationToken = default) =>
            experiment.DeleteCheckpointAsync(checkpoint, force: false, cancellationToken);

        /// <summary>Deletes one of its checkpoints, tarball and entry.</summary>
        /// <param name="checkpoint">The checkpoint.</param>
        /// <param name="force">Whether it goes though it has a name, which is taken off.</param>
        /// <param name="cancellationToken">Ends the work.</param>
        /// <exception cref="ReplicateException">The checkpoint has a name (<c>CheckpointNamed</c>), or the repository can't be written to.</exception>
        public async Task DeleteCheckpointAsync(Checkpoint checkpoint, bool force, CancellationToken cancellationToken = default)
        {
            await new ExperimentDeletion(experiment, force).RunAsync(checkpoint.Id, cancellationToken);
            await experiment.RefreshAsync(cancellationToken);
        }

        /// <summary>
        /// Copies it with its checkpoints and saved files to the repository of another project. What is there already is not
        /// sent again; what is sent is read back and compared.
        /// </summary>
        /// <param name="target">The project whose repository gets it.</param>
        /// <param name="force">Whether an experiment of the same id with another content is replaced.</param>
        /// <param name="progress">Told how much is copied.</param>
        /// <param name="cancellationToken">Ends the work; it isn't listed at the target then, and another call goes on.</param>
        /// <returns>The experiment at the target.</returns>
        /// <exception cref="ReplicateException">
        /// The target has another experiment of this id (<c>ExperimentExists</c>), or one of the repositories fails.
        /// </exception>
        public async Task<Experiment> CopyToAsync(
            Project target, bool force = false, IProgress<Progress>? progress = null, CancellationToken cancellationToken = default)
        {
            var result = (await target.Experiments.CopyFromAsync([experiment], force, progress, cancellationToken))[0];
            return result.Copy ?? throw result.Error!;
        }

        /// <summary>Copies its files, and those of a checkpoint over them, into a directory; all or nothing.</summary>
        /// <param name="checkpoint">One of its checkpoints; null for what <see cref="CheckOutOptions.Choice"/> says, its best, else its latest.</param>
        /// <param name="options">Where and how.</param>
        /// <param name="progress">Told how much is read.</param>
        /// <param name="cancellationToken">Ends the work; nothing is in place then.</param>
        /// <exception cref="ReplicateException">
        /// The target is not empty (<c>DirectoryNotEmpty</c>), a tarball is missing or damaged, nothing was saved.
        /// </exception>
        public Task<CheckOutResult> CheckOutAsync(
            Checkpoint? checkpoint, CheckOutOptions options, IProgress<Progress>? progress = null,
            CancellationToken cancellationToken = default) =>
            new SavedFiles(experiment).CheckOutAsync(checkpoint, options, progress, cancellationToken);

        /// <summary>Lists the saved files: a checkpoint's own, or those of the experiment with its best, else its latest, checkpoint's over them.</summary>
        /// <param name="checkpoint">One of its checkpoints, or null for its best, else its latest, over its own files.</param>
        /// <param name="cancellationToken">Ends the work.</param>
        public Task<IReadOnlyList<SavedFile>> ListFilesAsync(
            Checkpoint? checkpoint, CancellationToken cancellationToken = default) =>
            experiment.ListFilesAsync(checkpoint, null, cancellationToken);

        /// <summary>Lists the saved files, where a tarball may expand to more than usual.</summary>
        /// <param name="checkpoint">One of its checkpoints, or null for its best, else its latest, over its own files.</param>
        /// <param name="maxSize">See <see cref="CheckOutOptions.MaxSize"/>.</param>
        /// <param name="cancellationToken">Ends the work.</param>
        public Task<IReadOnlyList<SavedFile>> ListFilesAsync(
            Checkpoint? checkpoint, long? maxSize, CancellationToken cancellationToken = default) =>
            new SavedFiles(experiment).ListAsync(checkpoint, maxSize, cancellationToken);

        /// <summary>Opens one saved file, of the checkpoint, else of the experiment, for reading once from start to end.</summary>
        /// <param name="checkpoint">One of its checkpoints, or null for its best, else its latest, over its own files.</param>
        /// <param name="path">The file's path relative to the project directory.</param>
        /// <param name="cancellationToken">Ends the work.</param>
        /// <exception cref="ReplicateException">No such file was saved (<c>FileNotSaved</c>).</exception>
        public Task<Stream> OpenFileAsync(
            Checkpoint? checkpoint, string path, CancellationToken cancellationToken = default) =>
            experiment.OpenFileAsync(checkpoint, path, null, cancellationToken);

        /// <summary>Opens one saved file, where a tarball may expand to more than usual.</summary>
        /// <param name="checkpoint">One of its checkpoints, or null for its best, else its latest, over its own files.</param>
        /// <param name="path">The file's path relative to the project directory.</param>
        /// <param name="maxSize">See <see cref="CheckOutOptions.MaxSize"/>.</param>
        /// <param name="cancellationToken">Ends the work.</param>
        /// <exception cref="ReplicateException">No such file was saved (<c>FileNotSaved</c>).</exception>
        public Task<Stream> OpenFileAsync(
            Checkpoint? checkpoint, string path, long? maxSize, CancellationToken cancellationToken = default) =>
            new SavedFiles(experiment).OpenAsync(checkpoint, path, maxSize, cancellationToken);
    }
}
