using System.Diagnostics.Metrics;

namespace Replicate.Benchmarks;

/// <summary>Counts the requests that this process sends until it is disposed.</summary>
internal sealed class CountedRequests : IDisposable
{
    private readonly MeterListener _listener = new();
    private int _count;

    public CountedRequests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "System.Net.Http", Name: "http.client.request.duration" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _count));
        _listener.Start();
    }

    /// <summary>How many there were since this was asked before.</summary>
    public int Take() => Interlocked.Exchange(ref _count, 0);

    public void Dispose() => _listener.Dispose();
}
