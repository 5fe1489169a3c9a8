namespace Replicate.Runs.Ci;

/// <summary>Tells a CI job how a run that is a step of it ended.</summary>
internal static class RunReport
{
    extension(CiJob job)
    {
        /// <summary>
        /// Sets what the run came to, attaches its summary with a comparison to the best of the main branch, and reports a failure.
        /// </summary>
        /// <param name="result">How the run ended.</param>
        /// <param name="cancellationToken">Ends the work.</param>
        /// <returns>The lines that the step has to print.</returns>
        public async Task<IReadOnlyList<string>> ReportAsync(RunResult result, CancellationToken cancellationToken = default)
        {
            Experiment? rival = null;
            try
            {
                var all = await result.Experiment.Project.Experiments.ListAsync(cancellationToken: cancellationToken);
                rival = RunSummary.BestOfMain(result.Experiment, all);
            }
            catch (ReplicateException e)
            {
                Log.Warn($"The run is not compared with the main branch: {e.Message}");
            }

            return job.Report(result, RunSummary.Write(result.Experiment, rival));
        }

        /// <summary>Sets what the run came to, attaches its summary, and reports a failure.</summary>
        /// <param name="result">How the run ended.</param>
        /// <param name="summary">The page about it, in Markdown.</param>
        /// <returns>The lines that the step has to print.</returns>
        public IReadOnlyList<string> Report(RunResult result, string summary)
        {
            var experiment = result.Experiment;
            var lines = new List<string>();
            Try("The results of the run could not be set as outputs of the step", () =>
            {
                job.SetVariable(lines, "ReplicateExperimentId", experiment.Id);
                job.SetVariable(lines, "ReplicateStatus", result.Status.ToString());
                job.SetVariable(lines, "ReplicateBestCheckpointId", experiment.Best()?.Id ?? "");
            });
            if (result.Status != ExperimentStatus.Completed)
            {
                lines.Add(job.Error(result.Summary));
            }

            Try("The summary of the run could not be attached", () => job.Attach(lines, experiment.ShortId, summary));
            return lines;
        }
    }

    /// <summary>Does what needs files of the agent; where they point nowhere, says what is lost, and the run ends as it ended.</summary>
    private static void Try(string loss, Action report)
    {
        try
        {
            report();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            Log.Warn($"{loss}: {e.Message}");
        }
    }
}
