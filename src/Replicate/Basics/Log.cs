namespace Replicate;

/// <summary>Receives what the engine has to say beside its results.</summary>
/// <remarks>Calls may come from any thread.</remarks>
public interface ILogSink
{
    /// <summary>Something the user should know, though the work went on.</summary>
    /// <param name="message">One or two sentences.</param>
    void Warn(string message);

    /// <summary>What is read or written where.</summary>
    /// <param name="message">One line.</param>
    void Verbose(string message);

    /// <summary>Asks whoever is there whether the work may go on; nobody is, if nothing else is said.</summary>
    /// <param name="question">What it is about, as sentences.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The answer; null where nobody can be asked.</returns>
    Task<bool?> AskAsync(string question, CancellationToken cancellationToken) => Task.FromResult<bool?>(null);
}

/// <summary>
/// Says things to whoever started the current operation. The sink flows with the asynchronous call, so that an
/// object created by one command speaks to the command that uses it now. Control characters in what is said are escaped.
/// </summary>
public static class Log
{
    private static readonly AsyncLocal<ILogSink?> Current = new();

    /// <summary>Directs the log of this asynchronous flow to a sink until the result is disposed.</summary>
    /// <param name="sink">Where log go.</param>
    /// <returns>Restores the previous sink when disposed.</returns>
    public static IDisposable SendTo(ILogSink sink)
    {
        var previous = Current.Value;
        Current.Value = sink;
        return new Restore(previous);
    }

    /// <summary>Leaves out warnings of this asynchronous flow that were given before, until the result is disposed.</summary>
    /// <param name="told">The warnings that were given; those that are given now are added.</param>
    /// <returns>Restores the previous sink when disposed.</returns>
    internal static IDisposable EachOnce(ISet<string> told) =>
        SendTo(new NewWarnings(Current.Value, told));

    /// <summary>Something the user should know, though the work went on; dropped where nobody listens.</summary>
    /// <param name="message">One or two sentences.</param>
    public static void Warn(string message) => Current.Value?.Warn(VisibleText.Of(message));

    /// <summary>What is read or written where; dropped where nobody listens.</summary>
    /// <param name="message">One line.</param>
    public static void Verbose(string message) => Current.Value?.Verbose(VisibleText.Of(message));

    /// <summary>Asks whoever started the current operation whether it may go on.</summary>
    /// <param name="question">What it is about, as sentences.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The answer; null where nobody can be asked.</returns>
    internal static Task<bool?> AskAsync(string question, CancellationToken cancellationToken) =>
        Current.Value?.AskAsync(VisibleText.Of(question), cancellationToken) ?? Task.FromResult<bool?>(null);

    private sealed class Restore(ILogSink? previous) : IDisposable
    {
        public void Dispose() => Current.Value = previous;
    }

    private sealed class NewWarnings(ILogSink? sink, ISet<string> told) : ILogSink
    {
        public void Warn(string message)
        {
            lock (told)
            {
                if (!told.Add(message))
                {
                    return;
                }
            }

            sink?.Warn(message);
        }

        public void Verbose(string message) => sink?.Verbose(message);

        public Task<bool?> AskAsync(string question, CancellationToken cancellationToken) =>
            sink?.AskAsync(question, cancellationToken) ?? Task.FromResult<bool?>(null);
    }
}
