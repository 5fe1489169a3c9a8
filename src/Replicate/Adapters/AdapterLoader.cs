using System.Reflection;
using System.Runtime.Loader;

namespace Replicate.Adapters;

/// <summary>
/// Loads <c>Replicate.Adapters</c> with its packages into a load context of its own when first needed, so that other
/// modules of the process may have other versions of the same packages.
/// </summary>
internal static class AdapterLoader
{
    private const string AssemblyFile = "Replicate.Adapters.dll";

    private static readonly Assembly Engine = typeof(IAdapters).Assembly;
    private static readonly Lazy<IAdapters> Loaded = new(() => Load(Path.GetDirectoryName(Engine.Location)!));

    /// <summary>The adapters, loaded at the first use.</summary>
    internal static IAdapters Adapters => Loaded.Value;

    /// <summary>Loads the adapters from the folder <c>adapters</c> of a directory, else from the directory itself.</summary>
    internal static IAdapters Load(string directory)
    {
        string[] places = [Path.Combine(directory, "adapters", AssemblyFile), Path.Combine(directory, AssemblyFile)];
        var path = Array.Find(places, File.Exists) ?? throw new ReplicateException(
            ErrorKind.NotFound, "AdaptersMissing",
            $"'{AssemblyFile}' is not beside the engine in '{directory}'.",
            "Install Replicate again, or build the checkout.");
        var assembly = new AdapterContext(path).LoadFromAssemblyPath(path);
        return (IAdapters)Activator.CreateInstance(assembly.GetType("Replicate.Adapters.PackageAdapters", throwOnError: true)!)!;
    }

    private sealed class AdapterContext(string path) : AssemblyLoadContext("Replicate.Adapters")
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        /// <remarks>
        /// The engine is the very assembly that runs here: PowerShell may have loaded it from a path, where the
        /// default context would not find it by name. What the resolver does not know is the framework's.
        /// </remarks>
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == Engine.GetName().Name ? Engine
            : _resolver.ResolveAssemblyToPath(assemblyName) is { } file ? LoadFromAssemblyPath(file)
            : null;
    }
}
