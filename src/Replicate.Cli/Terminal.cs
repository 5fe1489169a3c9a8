using System.Text;
using Spectre.Console;

namespace Replicate.Cli;

/// <summary>Where the command reads and writes: the console of the process, or what a test puts in its place.</summary>
internal sealed class Terminal : ILogSink, IDisposable
{
    // Of an error output beside an output that goes elsewhere nobody knows the width.
    private const int NarrowWidth = 80;

    private readonly Stream _output;

    /// <summary>Takes the streams; they are closed with it.</summary>
    public Terminal(Stream output, Stream error)
    {
        (RawOutput, RawError) = (output, error);

        // Who reads no more has what he wanted, as 'head' does.
        _output = new UnfailingStream(output, loss => loss is ReaderGoneException);
        Output = WriterTo(_output, bufferSize: 1 << 16, autoFlush: false);
        Error = TextWriter.Synchronized(WriterTo(new UnfailingStream(error, UnfailingStream.IsLoss), bufferSize: 256, autoFlush: true));
    }

    /// <summary>What was asked for, and nothing else.</summary>
    public TextWriter Output { get; }

    /// <summary>
    /// Errors, warnings, questions and progress; lost where nobody can get them, which stops nothing. Safe from several threads.
    /// </summary>
    public TextWriter Error { get; }

    /// <summary>The output itself, for what comes byte for byte while nothing waits in <see cref="Output"/>.</summary>
    public Stream RawOutput { get; }

    /// <summary>The error output itself.</summary>
    public Stream RawError { get; }

    /// <summary>Where answers come from.</summary>
    public required Func<string?> ReadLine { get; init; }

    /// <summary>Whether somebody is there to see a question and to answer it.</summary>
    public bool CanAsk { get; init; }

    /// <summary>Whether progress on <see cref="Error"/> is seen as it happens.</summary>
    public bool ShowsProgress { get; init; }

    /// <summary>How many columns the output has; null where it is no terminal and lines may have any length.</summary>
    public int? Width { get; init; }

    /// <summary>Whether the output may be coloured.</summary>
    public bool Color { get; set; }

    /// <summary>Whether it is told what is read and written where.</summary>
    public bool IsVerbose { get; set; }

    /// <summary>The console of the process. Nothing is asked of Spectre.Console where the output goes into a pipe or file.</summary>
    public static Terminal OfProcess()
    {
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = Encoding.UTF8;
        }

        var errorIsTerminal = !Console.IsErrorRedirected;
        var profile = Console.IsOutputRedirected ? null : AnsiConsole.Profile;
        return new Terminal(StandardStream.Output, StandardStream.Error)
        {
            ReadLine = Console.ReadLine,
            CanAsk = errorIsTerminal && !Console.IsInputRedirected,
            ShowsProgress = errorIsTerminal,
            Width = profile?.Width,
            Color = profile is { Capabilities.Ansi: true }
                && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        };
    }

    /// <summary>Asks whether to go on, and returns only with a yes. The end of the input is a no.</summary>
    /// <param name="refusal">What a no means, as a sentence.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task ConfirmAsync(string refusal, CancellationToken cancellationToken)
    {
        if (!await IsConfirmedAsync(cancellationToken))
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "NotConfirmed", refusal, "Answer 'y' to go on, or pass --force.");
        }
    }

    private async Task<bool> IsConfirmedAsync(CancellationToken cancellationToken)
    {
        Output.Flush();
        while (true)
        {
            Error.Write("Do you want to continue? [y/N] ");
            var answer = await Task.Run(ReadLine, cancellationToken).WaitAsync(cancellationToken);
            switch (answer?.Trim().ToLowerInvariant())
            {
                case "y" or "yes":
                    return true;
                case null or "" or "n" or "no":
                    return false;
            }

            Error.WriteLine("Please answer 'y' or 'n'.");
        }
    }

    /// <summary>Does work whose progress is shown while it lasts, where somebody sees it.</summary>
    public async Task<T> WithProgressAsync<T>(Func<IProgress<Progress>?, Task<T>> work)
    {
        if (!ShowsProgress)
        {
            return await work(null);
        }

        using var line = new ProgressLine(Error, Width ?? NarrowWidth);
        return await work(line);
    }

    /// <summary>Writes JSON.</summary>
    public void WriteJson(Action<Stream> write)
    {
        Output.Flush();
        if (LogCommands.AreRead)
        {
            using var defused = new DefusedJson(_output);
            write(defused);
        }
        else
        {
            write(_output);
        }
    }

    /// <summary>Tells of an action at once.</summary>
    public void Say(string line)
    {
        Output.WriteLine(line);
        Output.Flush();
    }

    /// <summary>Tells something beside the output of a program, at once; where that can't be written the work goes on.</summary>
    public void SayBeside(string line)
    {
        try
        {
            RawOutput.Write(Encoding.UTF8.GetBytes(line + "\n"));
            RawOutput.Flush();
        }
        catch (Exception e) when (UnfailingStream.IsLoss(e))
        {
            Warn($"This could not be written to the output: {line}");
        }
    }

    /// <summary>Tells what went wrong and what to do about it.</summary>
    public void Fail(Exception error)
    {
        var action = error is ReplicateException { RecommendedAction: var recommended }
            ? recommended
            : "This is not an error that replicate expects; --verbose shows where it comes from.";
        Error.WriteLine($"Error: {Value.Escape(error.Message)}");
        Error.WriteLine(action);
        Verbose(string.Join('\n', error.ToString().Split('\n').Select(Value.Escape)));
    }

    /// <inheritdoc/>
    public void Warn(string message) => Error.WriteLine($"Warning: {message}");

    /// <inheritdoc/>
    public async Task<bool?> AskAsync(string question, CancellationToken cancellationToken)
    {
        if (!CanAsk)
        {
            return null;
        }

        Warn(question);
        return await IsConfirmedAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Verbose(string message)
    {
        if (IsVerbose)
        {
            Error.WriteLine(message);
        }
    }

    /// <summary>Writes what is buffered; what can't be written was complained of before.</summary>
    public void Dispose()
    {
        try
        {
            Output.Dispose();
        }
        catch (Exception e) when (UnfailingStream.IsLoss(e))
        {
            _output.Dispose();
        }

        Error.Dispose();
    }

    /// <remarks>Lines end alike on every system, as those do that come from a repository: a script compares them.</remarks>
    private static StreamWriter WriterTo(Stream stream, int bufferSize, bool autoFlush) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize) { AutoFlush = autoFlush, NewLine = "\n" };
}
