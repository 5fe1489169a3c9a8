using Replicate.Recording;

namespace Replicate.Runs.Saves;

/// <summary>A step between its first line and the moment at which it is known which files are its own.</summary>
/// <param name="number">The step as the program told it; null where it told none yet.</param>
/// <param name="count">How many came before.</param>
/// <param name="first">Where its first metrics were printed.</param>
internal sealed class StepSlot(long? number, long count, PrintedAt first)
{
    /// <summary>The step as the program told it, else how many came before.</summary>
    internal long Number => number ?? count;

    /// <summary>Whether the program told the step.</summary>
    internal bool IsNamed => number is not null;

    /// <summary>Where its first metrics were printed.</summary>
    internal PrintedAt First { get; private set; } = first;

    /// <summary>Where its last metrics were printed, so far.</summary>
    internal PrintedAt Last { get; private set; } = first;

    /// <summary>Whether nothing more will be said of it.</summary>
    internal bool IsClosed { get; private set; }

    /// <summary>What is recorded of it; null where nothing is.</summary>
    internal NewCheckpoint? Checkpoint { get; private set; }

    /// <summary>What it saved; null as long as that isn't known.</summary>
    internal StepSave? Save { get; set; }

    /// <summary>More was said of it.</summary>
    internal void Add(PrintedAt printed)
    {
        // Another source tells the same step later: its order among the files says nothing.
        if (printed.Source == First.Source)
        {
            Last = printed;
        }
    }

    /// <summary>
    /// The program tells the step now: what it printed before that, of its data or of a model that is not trained yet, is no sign of when
    /// it saves a step.
    /// </summary>
    internal void Name(long told, PrintedAt printed) => (number, First, Last) = (told, printed, printed);

    /// <summary>It was handed on together with another step.</summary>
    internal void Blur() => (First, Last) = (First.SinceBefore(), Last.SinceBefore());

    /// <summary>Nothing more will be said of it.</summary>
    internal void Close(NewCheckpoint? checkpoint) => (IsClosed, Checkpoint) = (true, checkpoint);
}
