using System.Diagnostics;

namespace Replicate.Build;

/// <summary>Installs what tests need of the packages of Debian or Ubuntu.</summary>
internal static class DebianPackages
{
    /// <summary>Installs what is missing of a list; says what, and asks.</summary>
    /// <param name="needs">The list.</param>
    /// <param name="isAgreed">Whether not to ask.</param>
    /// <exception cref="TaskFailedException">It cannot be installed here, or the answer was no.</exception>
    public static void Install(IEnumerable<Need> needs, bool isAgreed)
    {
        var missing = needs.Where(need => need.Packages.Length > 0 && !need.IsThere(Shell.At("tests"))).ToArray();
        if (missing.Length == 0)
        {
            return;
        }

        string[] packages = [.. missing.SelectMany(need => need.Packages)];
        if (!OperatingSystem.IsLinux() || Shell.Find("apt-get", "/usr/bin") is null)
        {
            throw new TaskFailedException(
                $"These are installed with apt-get, which this machine lacks: {string.Join(", ", missing.Select(need => need.Name))}. "
                + "Install them another way, or run the tests without '--all'.");
        }

        Console.WriteLine($"To install with apt-get: {string.Join(' ', packages)}");
        if (!isAgreed && !Ask())
        {
            throw new TaskFailedException("Nothing was installed. Say '--yes' to install without a question, or run the tests without '--all'.");
        }

        var clock = Stopwatch.StartNew();
        Run("update", "-q");
        Run(["install", "-q", "-y", "--no-install-recommends", .. packages]);
        Console.WriteLine($"Installed in {clock.Elapsed.TotalSeconds:0} s.");
    }

    private static bool Ask()
    {
        if (Console.IsInputRedirected)
        {
            return false;
        }

        Console.Write("Go on? [y/N] ");
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static void Run(params string[] arguments)
    {
        string[] command =
        [
            .. Environment.IsPrivilegedProcess ? Array.Empty<string>() : ["sudo", "-n"],
            "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=600", .. arguments,
        ];
        if (Shell.Find(command[0], "/usr/bin") is null)
        {
            throw new TaskFailedException("Only root installs packages, and there is no sudo: run './build.sh test --all' as root once.");
        }

        var log = Shell.At("out", "test", "apt.log");
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        if (!Shell.TryRun(command[0], command[1..], TimeSpan.FromMinutes(20), log: log))
        {
            throw new TaskFailedException(
                $"'{string.Join(' ', command)}' failed:\n{string.Join('\n', File.ReadLines(log).TakeLast(5))}\nAs a user who is not root it needs sudo without a password.");
        }
    }
}
