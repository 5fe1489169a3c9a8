namespace Replicate.Runs.Saves;

/// <summary>Tells of changes of the files under a path.</summary>
internal interface IFileChanges : IDisposable
{
    /// <summary>Adds what has changed since the last time to a log, in its order.</summary>
    /// <param name="log">The log.</param>
    /// <param name="isNow">Whether it is wanted as it is now, though it costs time, and not as of a moment ago.</param>
    void Read(SaveLog log, bool isNow = false);

    /// <summary>Waits for something to read, until it is woken, or for a time in milliseconds.</summary>
    void Wait(int milliseconds);

    /// <summary>Ends a wait, from another thread.</summary>
    void Wake();

    /// <summary>Tells from now on when a program writes to a stream of its own, too.</summary>
    /// <param name="stream">0 for its output, 1 for its error output.</param>
    /// <param name="process">Its process id.</param>
    /// <returns>False where that can't be seen here.</returns>
    bool TryFollowOutput(int stream, int process);

    /// <summary>Whether a followed stream holds bytes that nobody has read yet, so that events may be of those.</summary>
    bool HasUnread(int stream);

    /// <summary>Whether nobody is there any more who could write to a followed stream: no event of it is to come.</summary>
    bool HasEnded(int stream);

    /// <summary>Waits until a followed stream holds bytes, or has ended.</summary>
    void WaitForOutput(int stream);

    /// <summary>Tells from now on when anybody writes to a pipe that this process has opened since the start, too.</summary>
    /// <returns>How many there are; null where that can't be seen here.</returns>
    int? FollowPipes();

    /// <summary>Tells from now on when a metrics file is written, too.</summary>
    /// <param name="path">Its absolute path, or that of a directory for all files below it; it need not exist yet.</param>
    /// <param name="stream">The stream as which it is told of.</param>
    /// <returns>False where that can't be seen here, or where it lies within what is saved or the other way round.</returns>
    bool TryFollowFile(string path, int stream);
}
