namespace Replicate.Reports;

/// <summary>
/// The ends of the logs of a report's experiments. Those of runs that have ended are read once however often the report is written. Not
/// safe from several threads.
/// </summary>
internal sealed class SavedLogs
{
    /// <summary>The most lines of a log that are shown.</summary>
    internal const int MaxLines = 200;

    /// <summary>The most characters of a log that are shown.</summary>
    internal const int MaxLength = 16 * 1024;

    /// <summary>The most experiments whose logs are read; a report about more has none.</summary>
    internal const int MaxExperiments = 200;

    private const int ParallelReads = 8;

    private readonly Dictionary<string, string> _ends = [];
    private readonly HashSet<string> _whole = [];

    /// <summary>The end of an experiment's log; empty where there is none.</summary>
    public string Of(string experimentId) => _ends.GetValueOrDefault(experimentId, "");

    /// <summary>Reads the logs, as far as they can be read.</summary>
    public async Task ReadAsync(IReadOnlyList<Experiment> experiments, CancellationToken cancellationToken)
    {
        if (experiments.Count > MaxExperiments)
        {
            return;
        }

        Experiment[] wanted = [.. experiments.Where(experiment => experiment.Owner is not null && !_whole.Contains(experiment.Id))];
        var found = new string[wanted.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, wanted.Length, options, async (index, token) => found[index] = await ReadAsync(wanted[index], token));
        for (var i = 0; i < wanted.Length; i++)
        {
            _ends[wanted[i].Id] = found[i];
            if (!wanted[i].IsRunning)
            {
                _whole.Add(wanted[i].Id);
            }
        }
    }

    private static async Task<string> ReadAsync(Experiment experiment, CancellationToken cancellationToken)
    {
        try
        {
            var lines = await experiment.ReadLogEndAsync(MaxLines, cancellationToken: cancellationToken);
            var length = 0;
            return string.Join('\n', lines.Reverse().TakeWhile(line => (length += line.Text.Length + 1) <= MaxLength).Reverse().Select(line => line.Text));
        }
        catch (ReplicateException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.InvalidData or ErrorKind.PermissionDenied)
        {
            Log.Verbose($"The log of experiment {experiment.ShortId} is not in the report: {error.Message}");
            return "";
        }
    }
}
