namespace Replicate.Recording;

/// <summary>Something that is done before a process ends.</summary>
/// <param name="Timeout">How long it may take.</param>
/// <param name="RunAsync">Does it; returns soon after its token is cancelled, which it is when the time is over.</param>
internal sealed record ExitStep(TimeSpan Timeout, Func<CancellationToken, Task> RunAsync)
{
    /// <summary>Takes steps one after the other; one that fails or takes too long doesn't keep the next from its turn.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="clock">Measures their time.</param>
    internal static async Task RunAllAsync(IEnumerable<ExitStep> steps, TimeProvider clock)
    {
        foreach (var step in steps)
        {
            using var timeout = new CancellationTokenSource(step.Timeout, clock);

            // Nobody is left to be told; Stop has told it where it was called.
            await step.RunAsync(timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
