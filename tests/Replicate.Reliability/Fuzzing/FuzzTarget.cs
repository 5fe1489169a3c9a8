namespace Replicate.Reliability.Fuzzing;

/// <summary>Something that reads what others wrote, with what to feed it.</summary>
/// <param name="name">Its name in reports and findings.</param>
/// <param name="share">How many of a thousand inputs it gets: the quick ones get more.</param>
public abstract class FuzzTarget(string name, int share) : IDisposable
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>How many of a thousand inputs it gets.</summary>
    public int Share => share;

    /// <summary>How many bytes of memory an input may take beyond those that are in proportion to it.</summary>
    public virtual long Allowance => 64 << 20;

    /// <summary>Gets ready, with structured inputs made of a seed.</summary>
    public virtual Task PrepareAsync(long seed) => Task.CompletedTask;

    /// <summary>What a fuzzer that changes inputs by itself begins with; after <see cref="PrepareAsync"/>.</summary>
    public virtual IEnumerable<byte[]> Seeds => [];

    /// <summary>The input that is meant by a changed seed: for a format of which changes seldom leave anything to read, packed.</summary>
    public virtual byte[] FromSeed(byte[] seed) => seed;

    /// <summary>Makes an input.</summary>
    public abstract byte[] Make(Dice dice);

    /// <summary>Reads the input as the product does, and looks at what came of it.</summary>
    /// <exception cref="FuzzFailure">What came of it is wrong.</exception>
    public abstract Task RunAsync(byte[] input, Dice dice);

    /// <summary>Whether an exception is what the documentation promises for input that is wrong.</summary>
    public virtual bool IsDocumented(Exception exception) => exception is ReplicateException;

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>Something other than an exception that must not come of an input.</summary>
public sealed class FuzzFailure(string message) : Exception(message);
