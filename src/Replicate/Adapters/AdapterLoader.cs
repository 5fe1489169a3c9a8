namespace Replicate.Adapters;

/// <summary>
/// Loads <c>Replicate.Adapters</c> with its packages into a load context of its own when first needed, so that other
/// modules of the process may have other versions of the same packages.
/// </summary>
internal static class AdapterLoader
{
    /// <summary>The adapters, loaded at the first use.</summary>
    internal static IAdapters Adapters => throw new NotImplementedException();
}
