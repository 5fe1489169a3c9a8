namespace Replicate.Cli;

/// <summary>What long lists leave behind.</summary>
internal static class Garbage
{
    private const int Many = 2_000;

    /// <summary>
    /// Gives memory back after work on many things. The runtime lets garbage grow by the size of the processor's cache before
    /// it looks at it, which for a long list is more than the list itself.
    /// </summary>
    /// <param name="count">How many things there were.</param>
    public static void ReleaseAfter(int count)
    {
        if (count > Many)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
