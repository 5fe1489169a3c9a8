using Replicate.Storage;

namespace Replicate.Reliability;

/// <summary>Projects whose repository is in a store of the caller's.</summary>
internal static class Remote
{
    /// <summary>Opens one as a new process sees it; its local state lies below REPLICATE_STATE.</summary>
    public static Project Open(string directory, IObjectStore store) => new(
        new ProjectConfiguration
        {
            ProjectDirectory = directory, Repository = store.Url, ConfigurationFile = Path.Combine(directory, "replicate.yaml"),
        },
        () => store);
}
