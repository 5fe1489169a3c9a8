using System.Globalization;
using Replicate.Reliability.Afl;
using Replicate.Reliability.Faults;
using Replicate.Reliability.Fuzzing;
using Replicate.Reliability.Kills;
using Replicate.Reliability.Load;
using Replicate.Reliability.Steps;

namespace Replicate.Reliability;

/// <summary>What the command line asks for.</summary>
/// <param name="Names">The words before the options.</param>
/// <param name="Seed">What everything random is made of.</param>
/// <param name="From">The number of the first.</param>
/// <param name="Count">How many; null for as many as the part usually does.</param>
/// <param name="Minutes">When to end at the latest.</param>
public sealed record RunOptions(IReadOnlyList<string> Names, long Seed, long From, long? Count, double Minutes)
{
    /// <summary>Reads a command line.</summary>
    /// <exception cref="FormatException">It is wrong.</exception>
    public static RunOptions Parse(IReadOnlyList<string> args)
    {
        var options = new RunOptions([], 1, 0, null, 60);
        for (var i = 0; i < args.Count; i++)
        {
            options = args[i] switch
            {
                "--seed" => options with { Seed = (long)Number(args, ++i) },
                "--from" => options with { From = (long)Number(args, ++i) },
                "--count" => options with { Count = (long)Number(args, ++i) },
                "--minutes" => options with { Minutes = Number(args, ++i) },
                "--seconds" => options with { Seconds = (int)Number(args, ++i) },
                ['-', ..] wrong => throw new FormatException($"There is no option '{wrong}': say --seed, --from, --count, --minutes or --seconds."),
                var name => options with { Names = [.. options.Names, name] },
            };
        }

        return options;
    }

    /// <summary>How long each target of afl-fuzz takes; null for as long as it usually does.</summary>
    public int? Seconds { get; init; }

    /// <summary>When to end at the latest.</summary>
    public DateTime End { get; } = DateTime.UtcNow.AddMinutes(Minutes);

    private static double Number(IReadOnlyList<string> args, int index) =>
        index < args.Count && double.TryParse(args[index], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number : throw new FormatException($"A number is missing after '{args[index - 1]}'.");
}

/// <summary>The parts of the program.</summary>
internal static class Runs
{
    private const string Usage =
        """
        Usage: reliability [part] [names] [--seed N] [--count N] [--minutes N]

          fuzz [target …]      inputs that are wrong, to all that reads; --from N begins at an input
          kills [what …]       processes that are killed: while they record in a place (disk, gcs, azure, s3), `replicate run`
                               (command), or while they do one operation in all places: create, add, stop, set, copy, sync, remove, repair,
                               restore, or operations for all of these
          faults [store …]     a store that fails; a store is disk, spool, gcs, azure or s3
          load [what …]        much at once: writers, experiments, checkpoints, files, tree
          afl [target …]       inputs that afl-fuzz makes after the ways that the code takes, --seconds N for each target (Debian: afl++)
          steps [kind …]       programs that print and save in all orders: fast, flood, best, fifth, rename, sweep, shards, many; large where named

        Without a part: all of them but afl, short. Each prints rows of the table in docs/RELIABILITY.md; what fails is below.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["child", var directory, var number, .. var seconds]:
                await KilledChild.RunAsync(directory, int.Parse(number, CultureInfo.InvariantCulture), TimeOf(seconds));
                return 0;
            case ["kill-child", .. var work]:
                await OperationChild.RunAsync(work);
                return 0;
            case ["train", .. var program]:
                TrainingChild.Parse(program).Run();
                return 0;
            case ["reader", var directory, _, .. var seconds]:
                await Writers.ReadAsync(directory, TimeOf(seconds));
                return 0;
        }

        if (args is ["afl-child", var target])
        {
            AflChild.Run(target);
            return 0;
        }

        RunOptions options;
        try
        {
            options = RunOptions.Parse([.. args.Skip(1)]);
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine($"{e.Message}\n\n{Usage}");
            return 2;
        }

        var parts = Parts(args.FirstOrDefault());
        if (parts is null)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        Console.WriteLine(Row.Heading);
        var failures = 0;
        foreach (var part in parts)
        {
            await foreach (var row in part(options))
            {
                Console.WriteLine(row);
                Console.Error.Write(row.Explain());
                failures += row.Failures.Count;
            }
        }

        return failures == 0 ? 0 : 1;
    }

    private static TimeSpan TimeOf(string[] seconds) =>
        seconds.Length == 0 ? TimeSpan.FromDays(1) : TimeSpan.FromSeconds(double.Parse(seconds[0], CultureInfo.InvariantCulture));

    private static Func<RunOptions, IAsyncEnumerable<Row>>[]? Parts(string? name) => name switch
    {
        "fuzz" => [Fuzzer.RunAsync],
        "faults" => [FaultRun.RunAsync],
        "kills" => [KillRun.RunAsync],
        "load" => [LoadRun.RunAsync],
        "afl" => [AflRun.RunAsync],
        "steps" => [StepsRun.RunAsync],
        null => [Fuzzer.RunAsync, KillRun.RunAsync, FaultRun.RunAsync, LoadRun.RunAsync, StepsRun.RunAsync],
        _ => null,
    };
}
