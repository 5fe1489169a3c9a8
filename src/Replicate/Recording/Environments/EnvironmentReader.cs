using System.Runtime.InteropServices;
using Replicate.Metadata;

namespace Replicate.Recording.Environments;

/// <summary>What a run has around it, being read in the background.</summary>
/// <param name="Git">What is to be read before the program changes any file.</param>
/// <param name="All">All of it.</param>
internal readonly record struct EnvironmentReading(Task Git, Task<RunEnvironment> All);

/// <summary>Reads what a run has around it.</summary>
internal static class EnvironmentReader
{
    /// <summary>Begins to read in the background. It never fails: what can't be read is left out.</summary>
    /// <param name="projectDirectory">The absolute project directory.</param>
    /// <param name="program">The absolute path of the training program; null where it isn't known.</param>
    /// <param name="extra">Facts that the caller knows; they win.</param>
    internal static EnvironmentReading Start(string projectDirectory, string? program, System.Collections.IDictionary? extra)
    {
        var git = Task.Run(() => GitState.ReadAsync(projectDirectory));
        var all = Task.Run(async () =>
        {
            var python = PythonInstallation.FindAsync(program);
            var facts = ReadFacts();
            foreach (System.Collections.DictionaryEntry entry in extra ?? new Dictionary<string, object?>())
            {
                facts[entry.Key.ToString()!] = entry.Value;
            }

            var installation = await python;
            return new RunEnvironment(
                Value.MapFrom(facts), await git, installation?.Version ?? "", installation?.ReadPackages() ?? ValueMap.Empty);
        });
        return new EnvironmentReading(git, all);
    }

    private static Dictionary<string, object?> ReadFacts()
    {
        var facts = new Dictionary<string, object?>
        {
            ["os"] = RuntimeInformation.OSDescription,
            ["architecture"] = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
            ["dotnet"] = System.Environment.Version.ToString(),
            ["processors"] = System.Environment.ProcessorCount,
        };
        if (Hardware.ProcessorName() is { Length: > 0 } processor)
        {
            facts["processor"] = processor;
        }

        if (Hardware.GpuNames() is { Length: > 0 } gpus)
        {
            facts["gpus"] = gpus;
        }

        return facts;
    }
}
