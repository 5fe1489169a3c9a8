using System.Diagnostics;
using System.Globalization;

namespace Replicate.Build;

/// <summary>What a person sees of a test run: how far it is, what failed, what was skipped for want of what, the counts.</summary>
internal static class TestRun
{
    /// <summary>More than a busy machine explains: what is wrong then isn't asked again.</summary>
    private const int MostTriedAgain = 5;

    /// <summary>Runs suites side by side and reports; returns an exit code.</summary>
    /// <param name="requiresAll">Whether a test that was skipped for want of a package is a failure.</param>
    /// <param name="suites">The suites.</param>
    public static int Run(bool requiresAll, params SuiteRun[] suites)
    {
        var runs = suites.Select(suite => Task.Run(suite.RunAsync)).ToArray();
        Watch(Task.WhenAll(runs), suites);
        var tallies = runs.Select(run => run.Result).ToArray();
        if (suites.Length > 1)
        {
            TryAgain(suites, tallies);
        }

        var all = tallies.Aggregate(Tally.None, (sum, next) => sum + next);
        var missing = all.Reasons.GroupBy(reason => reason).OrderByDescending(reason => reason.Count()).ToArray();
        if (requiresAll)
        {
            foreach (var need in Needs.All.Where(need => need.Packages.Length > 0 && missing.Any(reason => reason.Key == need.Reason)))
            {
                all += Tally.Broken($"{need.Name} could not be installed, and its tests were skipped.");
            }
        }

        foreach (var failure in all.Failures)
        {
            Console.WriteLine($"Failed: {failure.ReplaceLineEndings("\n    ")}");
        }

        foreach (var reason in missing)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{reason.Count(),5} skipped: {Explain(reason.Key)}"));
        }

        for (var i = 0; i < suites.Length && suites.Length > 1; i++)
        {
            Console.WriteLine($"{suites[i].Name}: {tallies[i]}");
        }

        Console.WriteLine(all);
        return all.Failed == 0 ? 0 : 1;
    }

    /// <summary>
    /// Runs a few tests that failed among thousands a second time, by themselves. What fails twice is wrong; what doesn't
    /// depends on what the machine did beside it, which is told.
    /// </summary>
    private static void TryAgain(SuiteRun[] suites, Tally[] tallies)
    {
        if (tallies.Sum(tally => tally.Failed) > MostTriedAgain)
        {
            return;
        }

        for (var i = 0; i < suites.Length; i++)
        {
            var first = tallies[i];
            // Only where each failure is one of a test: a suite that broke has said less than it had to.
            if (first.Failed > 0 && first.FailedTests.Count == first.Failed
                && suites[i].Again(first).RunAsync().Result is { Failed: 0, Passed: > 0 })
            {
                foreach (var failure in first.Failures)
                {
                    Console.WriteLine($"Failed at first, and passed by itself: {failure.ReplaceLineEndings("\n    ")}");
                }

                tallies[i] = first with { Passed = first.Passed + first.Failed, Failed = 0, Failures = [], FailedTests = [] };
            }
        }
    }

    /// <summary>Why a test was skipped, with the command that gets what it needs.</summary>
    private static string Explain(string reason) => Needs.All.FirstOrDefault(need => need.Reason == reason) switch
    {
        null => reason,
        { Packages: [] } npm => $"{npm.Name}, which comes by itself where Node.js {NodePackages.LeastVersion} or later and its packages can be had",
        var need => $"{need.Name} is not installed: ./build.sh test --all",
    };

    private static void Watch(Task work, SuiteRun[] suites)
    {
        var clock = Stopwatch.StartNew();
        var isTerminal = !Console.IsOutputRedirected;
        var last = TimeSpan.Zero;
        while (!work.Wait(TimeSpan.FromSeconds(isTerminal ? 0.5 : 5)))
        {
            if (isTerminal || clock.Elapsed - last >= TimeSpan.FromSeconds(30))
            {
                last = clock.Elapsed;
                var line = string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,5:0} s: {string.Join(", ", suites.Select(suite => suite.Progress))}");
                Console.Write(isTerminal ? $"\r{line}  " : line + "\n");
            }
        }

        if (isTerminal)
        {
            Console.Write("\r\e[K");
        }
    }
}
