using Replicate.Stores;

namespace Replicate.Adapters;

/// <summary>The engine's interfaces met with packages.</summary>
public sealed class PackageAdapters : IAdapters
{
    /// <inheritdoc/>
    public YamlNode ReadYaml(string text) => YamlReader.Read(text);

    /// <inheritdoc/>
    public IPathRules CompileIgnoreRules(IEnumerable<string> lines) => new IgnoreRules(lines);

    /// <inheritdoc/>
    public IObjectStore OpenStore(string url) => throw new ReplicateException(
        ErrorKind.InvalidArgument, "StoreNotSupported",
        $"This release cannot open '{url}' yet.",
        "Use a repository on a disk, such as file://.replicate.");
}
