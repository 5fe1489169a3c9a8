using Replicate.Stores;

namespace Replicate.Adapters;

/// <summary>The engine's interfaces met with packages.</summary>
public sealed class PackageAdapters : IAdapters
{
    /// <inheritdoc/>
    public YamlNode ReadYaml(string text) => throw new NotImplementedException();

    /// <inheritdoc/>
    public IPathRules CompileIgnoreRules(IEnumerable<string> lines) => throw new NotImplementedException();

    /// <inheritdoc/>
    public IObjectStore OpenStore(string url) => throw new NotImplementedException();
}
