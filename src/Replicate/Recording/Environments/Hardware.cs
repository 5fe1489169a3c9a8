using System.Runtime.InteropServices;
using System.Text;

namespace Replicate.Recording.Environments;

/// <summary>Names of the processor and the graphics processors, without starting anything.</summary>
internal static class Hardware
{
    private const string NvidiaCards = "/proc/driver/nvidia/gpus";

    internal static string? ProcessorName()
    {
        try
        {
            return OperatingSystem.IsWindows() ? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
                : OperatingSystem.IsMacOS() ? SystemControl("machdep.cpu.brand_string")
                : Field("/proc/cpuinfo", "model name") ?? Field("/proc/cpuinfo", "Model");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
    }

    internal static string[] GpuNames()
    {
        try
        {
            return !Directory.Exists(NvidiaCards) ? [] :
                [.. Directory.EnumerateDirectories(NvidiaCards).Order(StringComparer.Ordinal)
                    .Select(card => Field(Path.Combine(card, "information"), "Model")).OfType<string>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The value of the first line <c>name : value</c> of a file; null for none.</summary>
    private static string? Field(string path, string name) =>
        !File.Exists(path) ? null : File.ReadLines(path)
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line[name.Length..].TrimStart() is [':', ..])
            .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
            .FirstOrDefault();

    private static string? SystemControl(string name)
    {
        var value = new byte[256];
        var length = (nint)value.Length;
        return SystemControlByName(Encoding.ASCII.GetBytes(name + '\0'), value, ref length, 0, 0) == 0
            ? Encoding.ASCII.GetString(value).TrimEnd('\0')
            : null;
    }

    [DllImport("libc", EntryPoint = "sysctlbyname")]
    private static extern int SystemControlByName(byte[] name, byte[] value, ref nint length, nint newValue, nint newLength);
}
