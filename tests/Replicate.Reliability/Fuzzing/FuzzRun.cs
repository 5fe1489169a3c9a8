using System.Diagnostics;
using System.Globalization;

namespace Replicate.Reliability.Fuzzing;

/// <summary>Feeds inputs to a target, one after the other, and keeps those that it does not bear.</summary>
/// <param name="target">The target, prepared.</param>
/// <param name="seed">What all inputs are made of.</param>
/// <param name="findings">Where inputs go that do harm; null to keep none.</param>
/// <param name="measuresMemory">Whether nothing else in this process takes memory meanwhile.</param>
public sealed class FuzzRun(FuzzTarget target, long seed, string? findings, bool measuresMemory)
{
    private const int MostFailures = 50;
    private const int AllowedPerByte = 200;

    /// <summary>How long one input may take.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly List<string> _failures = [];
    private long _current = -1;
    private long _since;
    private long _done;
    private long _bytes;
    private long _refused;

    /// <summary>Runs inputs by their numbers.</summary>
    /// <param name="from">The first.</param>
    /// <param name="count">How many.</param>
    /// <param name="until">When to stop, if there are still inputs left.</param>
    public async Task<Row> RunAsync(long from, long count, DateTime until)
    {
        var clock = Stopwatch.StartNew();
        var work = Task.Run(() => WorkAsync(from, count, until));
        while (await Task.WhenAny(work, Task.Delay(500)) != work)
        {
            if (Interlocked.Read(ref _current) is >= 0 and var number
                && Stopwatch.GetElapsedTime(Interlocked.Read(ref _since)) > Timeout)
            {
                // Its thread cannot be ended: the run of this target is over.
                Fail(number, $"no answer within {Timeout.TotalSeconds:0} s");
                return RowOf(clock.Elapsed);
            }
        }

        await work;
        return RowOf(clock.Elapsed);
    }

    private async Task WorkAsync(long from, long count, DateTime until)
    {
        for (var number = from; number < from + count && _failures.Count < MostFailures && DateTime.UtcNow < until; number++)
        {
            var dice = Dice.Of(seed, target.Name, number);
            var input = target.Make(dice);
            _bytes += input.Length;
            Interlocked.Exchange(ref _since, Stopwatch.GetTimestamp());
            Interlocked.Exchange(ref _current, number);
            var before = measuresMemory ? GC.GetTotalAllocatedBytes() : 0;
            try
            {
                await target.RunAsync(input, dice);
            }
            catch (Exception e) when (target.IsDocumented(e))
            {
                _refused++;
            }
            catch (Exception e)
            {
                Fail(number, e is FuzzFailure ? e.Message : e.ToString());
            }

            var taken = measuresMemory ? GC.GetTotalAllocatedBytes() - before : 0;
            if (taken > target.Allowance + ((long)AllowedPerByte * input.Length))
            {
                Fail(number, $"{Row.Size(taken)} of memory for {input.Length} bytes");
            }

            Interlocked.Exchange(ref _current, -1);
            _done++;
        }
    }

    private void Fail(long number, string why)
    {
        var input = target.Make(Dice.Of(seed, target.Name, number));
        var again = string.Create(CultureInfo.InvariantCulture, $"fuzz {target.Name} --seed {seed} --from {number} --count 1");
        lock (_failures)
        {
            _failures.Add($"{again}: {string.Join(' ', why.Split('\n').Where((line, i) => i == 0 || line.Contains(" Replicate.", StringComparison.Ordinal)).Take(3))}");
        }

        if (findings is not null)
        {
            Directory.CreateDirectory(findings);
            var path = Path.Combine(findings, string.Create(CultureInfo.InvariantCulture, $"{target.Name}-{seed}-{number}"));
            File.WriteAllBytes(path, input);
            File.WriteAllText(path + ".txt", $"{again}\n{why}\n");
        }
    }

    private Row RowOf(TimeSpan time) => new(
        $"fuzzing: {target.Name}",
        string.Create(CultureInfo.InvariantCulture, $"./build.sh reliability fuzz {target.Name} --seed {seed} --count {_done}"),
        $"{Row.Count(_done)} inputs, {Row.Size(_bytes)}, {Row.Count(_refused)} refused, {Row.Count((long)(_done / Math.Max(0.001, time.TotalSeconds)))} a second",
        time, [.. _failures]);
}
