using System.Runtime.CompilerServices;

namespace Replicate.Tests.Support;

/// <summary>The tests have local state of their own, and leave nothing in the user's.</summary>
internal static class OwnState
{
    [ModuleInitializer]
    internal static void Begin()
    {
        if (Environment.GetEnvironmentVariable("REPLICATE_STATE") is null)
        {
            var directory = Directory.CreateTempSubdirectory("replicate-state-").FullName;
            Environment.SetEnvironmentVariable("REPLICATE_STATE", directory);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(directory);
        }
    }

    private static void Delete(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The system deletes it one day.
        }
    }
}
