namespace Replicate.Cli;

/// <summary>What the command ends with.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    public const int Error = 1;

    public const int WrongUsage = 2;

    /// <summary>128 plus the number of SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
