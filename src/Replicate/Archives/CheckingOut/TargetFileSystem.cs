using System.Text;

namespace Replicate.Archives.CheckingOut;

/// <summary>Which names a file system cannot hold, or takes for one and the same.</summary>
/// <param name="HasDevices">Whether it has the rules of Windows: devices, reserved characters, no dot or space at the end.</param>
/// <param name="IgnoresCase">Whether names that differ in upper and lower case are one.</param>
/// <param name="IgnoresComposition">Whether names that differ in how accents are composed are one.</param>
internal sealed record TargetFileSystem(bool HasDevices, bool IgnoresCase, bool IgnoresComposition)
{
    private const string Reserved = "<>:\"|?*\\";

    private static readonly HashSet<string> Devices = new(
        [
            "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
            .. "0123456789¹²³".SelectMany(digit => new[] { $"COM{digit}", $"LPT{digit}" }),
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The file system of Windows.</summary>
    public static TargetFileSystem Windows { get; } = new(HasDevices: true, IgnoresCase: true, IgnoresComposition: false);

    /// <summary>Finds out about the file system of a directory, which can be written to.</summary>
    public static TargetFileSystem Of(string directory)
    {
        var name = $"probe-e\u0301-{Guid.NewGuid():n}";
        var probe = Path.Combine(directory, name);
        try
        {
            File.WriteAllBytes(probe, []);
            return new TargetFileSystem(
                OperatingSystem.IsWindows(),
                File.Exists(Path.Combine(directory, name.ToUpperInvariant())),
                File.Exists(Path.Combine(directory, name.Replace("e\u0301", "\u00e9", StringComparison.Ordinal))));
        }
        catch (IOException)
        {
            // It does not even hold this name, and will say so of others like it.
            return new TargetFileSystem(OperatingSystem.IsWindows(), IgnoresCase: false, IgnoresComposition: false);
        }
        finally
        {
            File.Delete(probe);
        }
    }

    /// <summary>The paths that it cannot hold beside each other, each with the reason, in order.</summary>
    /// <param name="paths">Paths of saved files, with <c>/</c>.</param>
    public IReadOnlyList<string> Refused(IReadOnlyCollection<string> paths)
    {
        var refused = HasDevices ? paths.Where(path => path.Split('/').Any(IsImpossible)).Select(path => $"'{path}' (no name here)") : [];
        var collisions = IgnoresCase || IgnoresComposition
            ? paths.GroupBy(KeyOf).Where(same => same.Count() > 1)
                .SelectMany(same => same.Select(path => $"'{path}' (one name here with '{same.First(other => other != path)}')"))
            : [];
        return [.. refused.Concat(collisions).Order(StringComparer.Ordinal)];
    }

    private static bool IsImpossible(string name) =>
        name[^1] is '.' or ' ' || name.Any(c => c < ' ' || Reserved.Contains(c)) || IsDevice(name);

    /// <summary>Whether Windows takes a name for that of a device.</summary>
    internal static bool IsDevice(string name) => Devices.Contains(name.Split('.')[0].TrimEnd());

    private string KeyOf(string path)
    {
        var key = path;
        if (IgnoresComposition)
        {
            try
            {
                key = key.Normalize(NormalizationForm.FormC);
            }
            catch (ArgumentException)
            {
                // Half a surrogate pair has no other form.
            }
        }

        return IgnoresCase ? key.ToUpperInvariant() : key;
    }
}
