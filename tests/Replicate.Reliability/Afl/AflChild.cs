using Replicate.Reliability.Fuzzing;

namespace Replicate.Reliability.Afl;

/// <summary>The process that afl-fuzz feeds: reads inputs as a target does, and lets nothing pass that is not documented.</summary>
internal static class AflChild
{
    /// <summary>Runs until afl-fuzz ends it; without afl-fuzz, once with the standard input.</summary>
    public static void Run(string name)
    {
        using var target = Fuzzer.Target(name);
        var isPrepared = false;
        SharpFuzz.Fuzzer.OutOfProcess.Run(stream =>
        {
            if (!isPrepared)
            {
                // Not before: the marks in the engine write to memory that SharpFuzz has only now.
                target.PrepareAsync(seed: 1).GetAwaiter().GetResult();
                isPrepared = true;
            }

            using var input = new MemoryStream();
            stream.CopyTo(input);
            var bytes = target.FromSeed(input.ToArray());
            try
            {
                // What the target does with an input must follow from the input alone.
                target.RunAsync(bytes, new Dice((ulong)input.Length)).GetAwaiter().GetResult();
            }
            catch (Exception e) when (target.IsDocumented(e))
            {
            }
        });
    }
}
