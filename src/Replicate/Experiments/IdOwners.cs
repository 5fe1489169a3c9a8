using System.Diagnostics.CodeAnalysis;

namespace Replicate;

/// <summary>
/// Which experiment of a project's repository has an id, its own or a checkpoint's; experiments and checkpoints share their ids.
/// The repository is read when that is asked for the first time. Case doesn't count: it doesn't on some file systems.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing to free.")]
internal sealed class IdOwners(Project project)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, string> _others = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<PackedId, string>? _owners;

    /// <summary>Takes the ids of an experiment for it; the same may be claimed again.</summary>
    /// <param name="experiment">What its metadata says.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>An id that another experiment has, and that experiment; null where all are free, and now its own.</returns>
    internal async Task<(string Id, string Owner)?> ClaimAsync(ExperimentMetadata experiment, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _owners ??= await ReadAsync(cancellationToken);
            foreach (var id in IdsOf(experiment))
            {
                if (OwnerOf(id) is { } owner && owner != experiment.Id)
                {
                    return (id.ToString(), owner);
                }
            }

            Add(_owners, experiment);
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Reads the ids of all experiments but one.</summary>
    /// <returns>Whether one of those has an id.</returns>
    internal static async Task<Func<string, bool>> OfOthersAsync(Experiment experiment, CancellationToken cancellationToken)
    {
        var others = new IdOwners(experiment.Project);
        others._owners = await others.ReadAsync(cancellationToken, except: experiment.Id);
        return id => others.OwnerOf(new Id(null, id)) is not null;
    }

    private async Task<Dictionary<PackedId, string>> ReadAsync(CancellationToken cancellationToken, string? except = null)
    {
        var owners = new Dictionary<PackedId, string>();
        foreach (var experiment in await project.Experiments.ListWithIdAsync("", cancellationToken))
        {
            if (experiment.Id != except)
            {
                Add(owners, experiment.Metadata);
            }
        }

        return owners;
    }

    private void Add(Dictionary<PackedId, string> owners, ExperimentMetadata experiment)
    {
        foreach (var id in IdsOf(experiment))
        {
            if (id.Packed is { } packed)
            {
                owners.TryAdd(packed, experiment.Id);
            }
            else
            {
                _others.TryAdd(id.Text!, experiment.Id);
            }
        }
    }

    private string? OwnerOf(Id id) => id.Packed is { } packed ? _owners!.GetValueOrDefault(packed) : _others.GetValueOrDefault(id.Text!);

    private static IEnumerable<Id> IdsOf(ExperimentMetadata experiment) => experiment.Checkpoints
        .Select(checkpoint => checkpoint.PackedId is { } packed ? new Id(packed, null) : new Id(null, checkpoint.Id))
        .Prepend(new Id(null, experiment.Id));

    /// <summary>An id, packed where that is possible.</summary>
    private readonly record struct Id
    {
        internal Id(PackedId? packed, string? text)
        {
            Packed = packed ?? PackedId.TryPack(text!.ToLowerInvariant());
            Text = Packed is null ? text : null;
        }

        internal PackedId? Packed { get; }

        internal string? Text { get; }

        public override string ToString() => Text ?? Packed.ToString()!;
    }
}
