namespace Replicate.Tests.Support;

/// <summary>Where things lie in the checkout that the tests were built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    /// <summary>Repositories written by the original, beside the checkout; a test that needs them skips where they are missing.</summary>
    public static string Fixture(string name)
    {
        var directory = Path.GetFullPath(Path.Combine(Root, "..", "shared", "fixtures", name));
        Assert.SkipUnless(Directory.Exists(directory), "Needs the fixtures beside the checkout");
        return directory;
    }

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Replicate.slnx")))
        {
            directory = Path.GetDirectoryName(directory)
                ?? throw new InvalidOperationException("The tests do not run from inside a checkout.");
        }

        return directory;
    }
}
