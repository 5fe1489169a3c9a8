namespace Replicate.Benchmarks;

/// <summary>The checkout that this runs from, with what its build made.</summary>
internal static class Checkout
{
    private static readonly string Root = FindRoot();

    /// <summary>The command.</summary>
    public static string Replicate { get; } = At("out", "cli", OperatingSystem.IsWindows() ? "replicate.exe" : "replicate");

    /// <summary>The module's manifest.</summary>
    public static string Module { get; } = At("Replicate.psd1");

    /// <summary>The absolute path of something in the checkout.</summary>
    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Replicate.slnx")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("This does not run from inside a checkout.");
        }

        return directory;
    }
}
