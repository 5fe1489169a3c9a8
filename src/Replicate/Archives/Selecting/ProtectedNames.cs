using System.Text;
using Replicate.Archives.CheckingOut;

namespace Replicate.Archives.Selecting;

/// <summary>
/// The names that nothing is checked out under, at any depth: what version control and this program keep beside a project makes
/// them run commands or send files. A name counts by what some file system may take it for, not by how it is written.
/// </summary>
internal static class ProtectedNames
{
    private const int BeginningLength = 6;
    private const int ExtensionLength = 3;

    /// <summary>Whether a component of a path is such a name.</summary>
    /// <param name="path">A path, with <c>/</c>; a backslash parts names, too, as it does on Windows.</param>
    public static bool Contains(string path) => path.Split('/', '\\').Any(IsProtected);

    /// <summary>A name as every file system would read it that reads it most generously: in lower case, without what one of them ignores.</summary>
    public static string Fold(string name)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            // Behind a colon NTFS has the name of a stream.
            if (c == ':')
            {
                break;
            }

            _ = c switch
            {
                // HFS+ leaves them out.
                (>= '\u200c' and <= '\u200f') or (>= '\u202a' and <= '\u202e') or (>= '\u206a' and <= '\u206f') or '\ufeff' => folded,
                // The long s and the sign of Kelvin are s and k to whoever ignores case.
                '\u017f' => folded.Append('s'),
                '\u212a' => folded.Append('k'),
                _ => folded.Append(char.ToLowerInvariant(c)),
            };
        }

        return folded.ToString().TrimEnd(' ', '.');
    }

    /// <summary>Whether FAT and NTFS may call a name so besides: its first letters and a number, as in <c>replic~1.yam</c>.</summary>
    /// <param name="folded">The short name, folded.</param>
    /// <param name="name">A name, in lower case, with a dot or two.</param>
    public static bool IsShortNameOf(string folded, string name)
    {
        var parts = name.TrimStart('.').Split('.');
        return folded.Split('~') is [var beginning, [>= '1' and <= '9', .. var extension]]
            && beginning == Start(parts[0], BeginningLength)
            && extension == (parts.Length == 1 ? "" : "." + Start(parts[^1], ExtensionLength));
    }

    private static bool IsProtected(string name)
    {
        var folded = Fold(name);
        return GeneratedDirectories.IsOwnOrVersionControl(folded)
            || folded.StartsWith(CheckOut.StagingPrefix, StringComparison.Ordinal)
            || (folded.Contains('~', StringComparison.Ordinal) && GeneratedDirectories.OwnNames.Any(own => IsShortNameOf(folded, own)));
    }

    private static string Start(string name, int length) => name[..Math.Min(length, name.Length)];
}
