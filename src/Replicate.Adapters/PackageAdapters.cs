using System.Collections.Concurrent;
using Replicate.Adapters.Gcs;
using Replicate.Adapters.S3;
using Replicate.Stores;

namespace Replicate.Adapters;

/// <summary>The engine's interfaces met with packages.</summary>
public sealed class PackageAdapters : IAdapters
{
    private readonly ConcurrentDictionary<(string Url, object Settings), IObjectStore> _stores = new();

    /// <inheritdoc/>
    public YamlMapping ReadYaml(string text) => YamlReader.Read(text);

    /// <inheritdoc/>
    public IPathRules CompileIgnoreRules(IEnumerable<string> lines) => new IgnoreRules(lines);

    /// <inheritdoc/>
    /// <remarks>A store is opened once for the settings it was opened with, and keeps its connections and what it found out.</remarks>
    public IObjectStore OpenStore(string url)
    {
        if (url.StartsWith("s3://", StringComparison.Ordinal))
        {
            var settings = S3Settings.FromEnvironment();
            return _stores.GetOrAdd((url, settings), _ => new S3Store(url, settings));
        }

        var google = GcsSettings.FromEnvironment();
        return _stores.GetOrAdd((url, google), _ => new GcsStore(url, google));
    }

    /// <inheritdoc/>
    public string ReadVega() => VegaScripts.Read();

    /// <inheritdoc/>
    public IReadOnlyList<LineChange> CompareLines(string[] left, string[] right) => LineDiff.Compare(left, right);
}
