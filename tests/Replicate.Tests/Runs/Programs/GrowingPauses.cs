using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Programs;

/// <summary>Tries programs that save files with more and more time for us to see them.</summary>
internal static class GrowingPauses
{
    /// <summary>How long programs wait: on a machine that has too much to do, what is written again soon may be lost, which is said.</summary>
    private static readonly string[] Pauses = ["0.1", "0.4", "1.5", "5"];

    /// <summary>Does something with longer and longer pauses until nothing is lost.</summary>
    public static async Task TryAsync(Func<string, Task<bool>> tryAsync)
    {
        var log = new CollectedLog();
        foreach (var pause in Pauses)
        {
            log = new CollectedLog();
            using var _ = Log.SendTo(log);
            if (await tryAsync(pause))
            {
                return;
            }
        }

        Assert.Fail($"Files were lost with the longest pauses, too: {string.Join(" ", log.Warnings)}");
    }
}
