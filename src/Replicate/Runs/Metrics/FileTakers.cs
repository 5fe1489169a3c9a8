namespace Replicate.Runs.Metrics;

/// <summary>Takes what is read of a metrics file.</summary>
/// <param name="Take">Takes what a row says; the reading is not kept.</param>
/// <param name="Refuse">Takes a line that should hold metrics and cannot be read.</param>
/// <param name="Damage">Takes what is wrong with a whole file: a sentence.</param>
internal sealed record FileTakers(TakeReading Take, Action<string> Refuse, Action<string> Damage);
