namespace Replicate.Archives.Writing;

/// <summary>Adds bytes up and tells how far the work has come.</summary>
internal sealed class ByteCounter(IProgress<Progress>? progress, string activity, long? total)
{
    private long _done;

    /// <summary>How many there were.</summary>
    public long Done => _done;

    public void Add(long count)
    {
        _done += count;
        progress?.Report(new Progress(activity, _done, total, ProgressUnit.Bytes));
    }
}
