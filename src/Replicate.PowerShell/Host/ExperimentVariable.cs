using System.Management.Automation;

namespace Replicate.PowerShell.Host;

/// <summary>A variable of the caller that gets the experiment of a run, or the experiments of a sweep as an array.</summary>
internal sealed class ExperimentVariable(SessionState session, string name)
{
    private readonly List<Experiment> _experiments = [];

    /// <summary>Adds an experiment; one that is there already stays.</summary>
    internal void Keep(Experiment experiment)
    {
        if (!_experiments.Contains(experiment))
        {
            _experiments.Add(experiment);
            session.PSVariable.Set(name, _experiments.Count == 1 ? experiment : _experiments.ToArray());
        }
    }
}
