namespace Replicate.Runs.Metrics;

/// <summary>Reads metrics from single lines.</summary>
internal interface ILineReader
{
    /// <summary>Reads a line, without its end.</summary>
    /// <param name="line">The line.</param>
    /// <param name="reading">Filled with what the line says; empty before.</param>
    /// <returns>False when the line was meant to hold metrics, and what is there is no number.</returns>
    bool Read(ReadOnlySpan<char> line, MetricReading reading);

    /// <summary>Takes what was read and not told yet: there are no more lines.</summary>
    /// <param name="reading">Filled with it; empty before.</param>
    void Finish(MetricReading reading)
    {
    }
}
