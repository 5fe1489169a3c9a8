using System.Collections.Concurrent;
using Replicate.Adapters.Azure;
using Replicate.Adapters.Diff;
using Replicate.Adapters.Gcs;
using Replicate.Adapters.Ignore;
using Replicate.Adapters.PageLibraries;
using Replicate.Adapters.S3;
using Replicate.Adapters.Vega;
using Replicate.Adapters.Yaml;
using Replicate.Storage;

namespace Replicate.Adapters;

/// <summary>The engine's interfaces met with packages.</summary>
internal sealed class PackageAdapters : IAdapters
{
    private readonly ConcurrentDictionary<(string Url, object Settings), IObjectStore> _stores = new();

    /// <inheritdoc/>
    public YamlMapping ReadYaml(string text) => YamlReader.Read(text);

    /// <inheritdoc/>
    public IPathRules CompileIgnoreRules(IEnumerable<string> lines) => new IgnoreRules(lines);

    /// <inheritdoc/>
    /// <remarks>A store is opened once for the settings it was opened with, and keeps its connections and what it found out.</remarks>
    public IObjectStore OpenStore(string url) => url[..url.IndexOf("://", StringComparison.Ordinal)] switch
    {
        "s3" => Open(url, S3Settings.FromEnvironment(), settings => new S3Store(url, settings)),
        "gs" => Open(url, GcsSettings.FromEnvironment(), settings => new GcsStore(url, settings)),
        _ => Open(url, AzureSettings.FromEnvironment(), settings => new AzureStore(url, settings)),
    };

    /// <inheritdoc/>
    public string ReadVega() => VegaScripts.Read();

    /// <inheritdoc/>
    public string ReadPageLibraries() => PageScripts.Read("page.min.js");

    /// <inheritdoc/>
    public IReadOnlyList<LineChange> CompareLines(string[] left, string[] right) => LineDiff.Compare(left, right);

    private IObjectStore Open<TSettings>(string url, TSettings settings, Func<TSettings, IObjectStore> open)
        where TSettings : notnull =>
        _stores.GetOrAdd((url, settings), _ => open(settings));
}
