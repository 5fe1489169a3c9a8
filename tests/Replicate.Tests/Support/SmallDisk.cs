using System.Diagnostics;

namespace Replicate.Tests.Support;

/// <summary>A file system of a few megabytes in memory, mounted for one test; skips it where that isn't allowed.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public SmallDisk(int megabytes)
    {
        Path = Directory.CreateDirectory(_directory.Combine("disk")).FullName;
        var isMounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Path);
        if (!isMounted)
        {
            _directory.Dispose();
            Assert.Skip("No file system can be mounted here.");
        }
    }

    public string Path { get; }

    public string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Refuses all writes from now on, or takes them again.</summary>
    public void SetReadOnly(bool isReadOnly) => Assert.True(Run("mount", "-o", $"remount,{(isReadOnly ? "ro" : "rw")}", Path));

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _directory.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
