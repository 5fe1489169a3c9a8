using System.Collections;
using Replicate.Charts;
using Replicate.Tests.Queries;

namespace Replicate.Tests.Charts;

/// <summary>Experiments with curves, the same in every run.</summary>
internal static class Curves
{
    /// <summary>What a hostile repository could hold as a name.</summary>
    internal const string Hostile = "<script>alert(\"1\")</script> & </style> ]]> \u202e\u05d0\u05d1\u05d2 \u0007\u001b[31m {{x}} ${y} \ud800";

    /// <summary>Three runs that learn at different speed.</summary>
    internal static Experiment[] Runs(int checkpoints = 60) =>
        [Run("a1b2c3d4", 0.01, 16, checkpoints), Run("b7c8d9e0", 0.03, 32, checkpoints), Run("c4d5e6f7", 0.1, 64, checkpoints)];

    internal static Experiment Run(string id, double rate, int batch, int checkpoints) => Sample.Experiment(
        id, new { learning_rate = rate, batch_size = batch, epochs = checkpoints },
        checkpoints: [.. Enumerable.Range(0, checkpoints).Select(step => Sample.Checkpoint(
            $"{id}{step}", step, new { loss = Loss(rate, step), accuracy = 1 - (Loss(rate, step + 1) / 1.6) }, "loss"))]);

    /// <summary>An experiment with these losses, a step apart, and one param.</summary>
    internal static Experiment WithLosses(string id, object? param, params object?[] losses) => Sample.Experiment(
        id, new Hashtable { ["p"] = param },
        checkpoints: [.. losses.Select((loss, step) => Sample.Checkpoint($"{id}{step}", step, new Hashtable { ["loss"] = loss }, "loss"))]);

    /// <summary>Names, params and metrics that try to be anything but text.</summary>
    internal static Experiment[] HostileRuns() =>
    [
        .. new[] { Hostile, new string('x', 10_000), "\u05e9\u05dc\u05d5\u05dd=1" }.Select((text, i) => Sample.Experiment(
            $"{i}<b>&", new Hashtable { [Hostile] = text },
            checkpoints: [.. Enumerable.Range(0, 4).Select(step => Sample.Checkpoint(
                $"{i}-{step}", step, new Hashtable { [Hostile] = (i + 1.0) * step, ["image"] = 1, ["title"] = 2.5 + step }, Hostile))])),
    ];

    internal static Chart Chart(IEnumerable<Experiment> experiments, ChartOptions? options = null) =>
        Replicate.Charts.Chart.Of([.. experiments.Select(experiment => new Match(experiment, null))], options ?? new());

    /// <summary>Every kind of chart by name.</summary>
    internal static Chart Named(string name) => name switch
    {
        "curves" => Chart(Runs()),
        "single" => Chart(Runs()[..1]),
        "smooth" => Chart(Runs(), new() { Smooth = 12 }),
        "log" => Chart(Runs(), new() { LogY = true }),
        "metrics" => Chart(Runs(), new() { Metrics = ["loss", "accuracy"] }),
        "param" => Chart(Sweep(), new() { Param = "learning_rate", LogX = true }),
        "categories" => Chart(
            [WithLosses("adam0001", "adam", 0.4), WithLosses("sgd00001", "sgd", 0.7), WithLosses("true0001", true, 0.6), WithLosses("adam0002", "adam", 0.5)],
            new() { Param = "p" }),
        "gap" => Chart([WithLosses("gap00001", 1, 3, 2, double.NaN, 1.5, double.PositiveInfinity, 1, 0.9, "text", 0.8)]),
        "point" => Chart([WithLosses("point001", 1, 0.5)]),
        "equal" => Chart([WithLosses("equal001", 1, 0.5, 0.5, 0.5), WithLosses("equal002", 2, 0.5, 0.5)]),
        "many" => Chart(Enumerable.Range(0, 40).Select(i => Run($"run{i:d4}x", 0.01 + (i * 0.01), i, 30))),
        "hostile" => Chart(HostileRuns(), new() { Metrics = [Hostile, "image", "title"] }),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    internal static Experiment[] Sweep() =>
        [.. Enumerable.Range(0, 9).Select(i => Run($"{i * 7 % 10}5eep00{i}", Math.Round(Math.Pow(10, (i / 2.0) - 4), 6), 16, 20))];

    private static double Loss(double rate, int step)
    {
        // A decay with a wave in place of noise, which would need a seed and the same generator for ever.
        var decay = Math.Exp(-step * rate * 1.7);
        var wave = (0.05 * Math.Sin(step * 2.1)) + (0.04 * Math.Sin((step * 5.3) + (rate * 40)));
        return Math.Round((1.2 * decay) + 0.2 + (rate > 0.05 ? step * 0.003 : 0) + (wave * (0.3 + decay)), 5);
    }
}
