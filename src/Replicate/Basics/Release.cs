using System.Reflection;

namespace Replicate;

/// <summary>This release.</summary>
internal static class Release
{
    /// <summary>The version, such as <c>0.1.0</c>.</summary>
    public static string Version { get; } =
        typeof(Release).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
