using System.Diagnostics.CodeAnalysis;
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
    private const string FilesAreWhole = "Nothing is trimmed of the assemblies of a folder; a native program has them inside.";

    private static readonly Assembly Engine = typeof(IAdapters).Assembly;
    private static readonly Lazy<IAdapters> Loaded = new(LoadBesideEngine);

    /// <summary>The adapters, loaded at the first use.</summary>
    internal static IAdapters Adapters => Loaded.Value;

    /// <summary>
    /// Loads the adapters from the folder <c>adapters</c> of a directory, else from the directory itself, else from that
    /// folder of the one above it, where the engine is one of several, each compiled for a platform.
    /// </summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = FilesAreWhole)]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = FilesAreWhole)]
    internal static IAdapters Load(string directory)
    {
        string[] places =
        [
            Path.Combine(directory, "adapters", AssemblyFile),
            Path.Combine(directory, AssemblyFile),
            Path.GetFullPath(Path.Combine(directory, "..", "adapters", AssemblyFile)),
        ];
        var path = Array.Find(places, File.Exists) ?? throw new ReplicateException(
            ErrorKind.NotFound, "AdaptersMissing",
            $"'{AssemblyFile}' is not beside the engine in '{directory}'.",
            "Install Replicate again, or build the checkout.");
        var assembly = new AdapterContext(path, Path.Combine(directory, "adapters")).LoadFromAssemblyPath(path);
        return Create(assembly.GetType("Replicate.Adapters.PackageAdapters", throwOnError: true)!);
    }

    /// <summary>Of a program that is a single file the adapters are a part; everywhere else they are files beside the engine.</summary>
    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "That the location is empty is what is asked.")]
    private static IAdapters LoadBesideEngine()
    {
        if (Engine.Location is { Length: > 0 } location)
        {
            return Load(Path.GetDirectoryName(location)!);
        }

        // A name that stands here as a text is one that who compiles natively finds, too.
        return Type.GetType("Replicate.Adapters.PackageAdapters, Replicate.Adapters") is { } included
            ? Create(included)
            : Load(AppContext.BaseDirectory);
    }

    private static IAdapters Create([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type adapters) =>
        (IAdapters)Activator.CreateInstance(adapters)!;

    /// <param name="path">The assembly of the adapters.</param>
    /// <param name="compiled">The folder of those that are also there compiled for this platform; they are taken first.</param>
    private sealed class AdapterContext(string path, string compiled) : AssemblyLoadContext("Replicate.Adapters")
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        /// <remarks>
        /// The engine is the very assembly that runs here: PowerShell may have loaded it from a path, where the
        /// default context would not find it by name. What the resolver does not know is the framework's.
        /// </remarks>
        [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = FilesAreWhole)]
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == Engine.GetName().Name ? Engine
            : _resolver.ResolveAssemblyToPath(assemblyName) is { } file ? LoadFromAssemblyPath(Compiled(file) ?? file)
            : null;

        private string? Compiled(string file) =>
            Path.Combine(compiled, Path.GetFileName(file)) is var path && File.Exists(path) ? path : null;
    }
}
