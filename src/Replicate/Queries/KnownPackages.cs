namespace Replicate.Queries;

/// <summary>What a reader looks for first among many Python packages.</summary>
internal static class KnownPackages
{
    private const int Few = 5;

    private static readonly HashSet<string> Names =
    [
        "cntk", "jax", "keras", "lightning", "mxnet", "numpy", "pandas", "pytorch_lightning", "scikit-learn", "sklearn",
        "tensorflow", "torch", "transformers", "xgboost",
    ];

    /// <summary>All packages where they are few; otherwise the known ones among them, else the first few.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>> Of(ValueMap packages)
    {
        if (packages.Count <= Few)
        {
            return [.. packages];
        }

        var known = packages.Where(package => Names.Contains(package.Key)).ToArray();
        return known.Length > 0 ? known : [.. packages.Take(Few)];
    }
}
