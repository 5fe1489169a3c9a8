using System.Collections.Concurrent;
using System.Management.Automation;

namespace Replicate.PowerShell.Host;

/// <summary>
/// Runs asynchronous work of the engine from a pipeline thread, and says there what the work has to say meanwhile,
/// because a cmdlet may write only from its own thread. The one place where a thread waits for a task.
/// </summary>
/// <param name="cmdlet">Whose streams are written to; null drops what is said.</param>
internal sealed class EnginePump(Cmdlet? cmdlet) : ILogSink, IProgress<Progress>
{
    private const int ActivityId = 0x5265706c;

    private readonly BlockingCollection<Action<Cmdlet>> _messages = [];
    private readonly ProgressPace _pace = new();
    private string? _activity;

    /// <summary>Runs the work to its end.</summary>
    /// <param name="work">The work; its exceptions come out as they are.</param>
    /// <param name="stopping">Asks the work to end early.</param>
    internal T Run<T>(Func<IProgress<Progress>, CancellationToken, Task<T>> work, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var task = Task.Run(() => WorkAsync(work, ending.Token), CancellationToken.None);
        try
        {
            foreach (var message in _messages.GetConsumingEnumerable(CancellationToken.None))
            {
                if (cmdlet is not null)
                {
                    message(cmdlet);
                }
            }
        }
        catch
        {
            // A preference such as -WarningAction Stop ended the pipeline: the work must not outlive it.
            ending.Cancel();
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
            throw;
        }

        return task.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Warn(string message) => Post(target => target.WriteWarning(message));

    /// <inheritdoc/>
    public void Verbose(string message) => Post(target => target.WriteVerbose(message));

    /// <inheritdoc/>
    public async Task<bool?> AskAsync(string question, CancellationToken cancellationToken) =>
        (cmdlet as PSCmdlet)?.Host is { } host
            ? await CallAsync(() => Question.Ask(host, question, "Do you want to continue?", "Go on; it is not asked again.")).WaitAsync(cancellationToken)
            : null;

    /// <summary>Emits a result before the work is over.</summary>
    internal void Emit(object item) => Post(target => target.WriteObject(item));

    /// <summary>Does what only the thread of the pipeline can, such as running a script block; its exceptions come out as they are.</summary>
    internal Task<T> CallAsync<T>(Func<T> call)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ =>
        {
            try
            {
                done.SetResult(call());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        return done.Task;
    }

    /// <summary>Shows progress of work that takes its time, a few times a second.</summary>
    public void Report(Progress value)
    {
        if (_pace.Take(value) is { } report)
        {
            _activity = report.Activity;
            Post(target => target.WriteProgress(RecordOf(report)));
        }
    }

    private static ProgressRecord RecordOf(ProgressReport report) =>
        new(ActivityId, report.Activity, report.Rate is { } rate ? $"{report.Amount}, {rate}" : report.Amount)
        {
            PercentComplete = report.Percent ?? -1,
            SecondsRemaining = report.Left is { } left ? (int)Math.Ceiling(left.TotalSeconds) : -1,
        };

    private async Task<T> WorkAsync<T>(Func<IProgress<Progress>, CancellationToken, Task<T>> work, CancellationToken ending)
    {
        try
        {
            using var log = Log.SendTo(this);
            return await work(this, ending);
        }
        finally
        {
            if (_activity is { } activity)
            {
                Post(target => target.WriteProgress(
                    new ProgressRecord(ActivityId, activity, "Done") { RecordType = ProgressRecordType.Completed }));
            }

            _messages.CompleteAdding();
        }
    }

    private void Post(Action<Cmdlet> message)
    {
        try
        {
            _messages.Add(message);
        }
        catch (InvalidOperationException)
        {
            // What is said after the work has ended has nobody to hear it.
        }
    }
}
