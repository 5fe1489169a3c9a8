namespace Replicate.Adapters.PageLibraries;

/// <summary>The scripts of others that pages use, and that ship inside this assembly.</summary>
internal static class PageScripts
{
    /// <summary>Reads a file of them.</summary>
    /// <param name="name">Its name, without a directory.</param>
    internal static string Read(string name)
    {
        using var reader = new StreamReader(typeof(PageScripts).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
