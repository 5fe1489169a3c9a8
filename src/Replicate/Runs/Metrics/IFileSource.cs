namespace Replicate.Runs.Metrics;

/// <summary>Metrics from a file that the program writes, looked at again and again.</summary>
internal interface IFileSource : IDisposable
{
    /// <summary>Reads what is new.</summary>
    /// <param name="isLast">Whether the program has ended, so that what has no end yet will not get one.</param>
    void Poll(bool isLast);

    /// <summary>Whether the file has been there since the run began.</summary>
    bool HasAppeared { get; }

    /// <summary>What was found in it, for somebody who finds no metrics: the rest of a sentence, such as <c>it is empty</c>.</summary>
    string Account { get; }
}
