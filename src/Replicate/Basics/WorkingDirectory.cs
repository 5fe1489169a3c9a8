namespace Replicate;

/// <summary>Where relative paths begin that are given without one.</summary>
internal static class WorkingDirectory
{
    /// <summary>Finds it: the process's, unless a shell has one of its own.</summary>
    internal static Func<string> Find { get; set; } = () => Environment.CurrentDirectory;
}
