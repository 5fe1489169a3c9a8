using System.Globalization;
using Replicate.Runs.Metrics;

namespace Replicate.Tests.Runs.Metrics;

/// <summary>Readings as text: <c>3 | train loss=0.118, accuracy=1</c>, the step first.</summary>
internal static class Readings
{
    public static string Of(ILineReader reader, string line)
    {
        var reading = new MetricReading();
        var isGood = reader.Read(line, reading);
        return isGood ? Text(reading) : Text(reading) + " !";
    }

    public static string Text(MetricReading reading) => Text(reading.Step, reading.Metrics);

    public static string Text(long? step, IEnumerable<(string Name, double Value)> metrics) =>
        $"{step} | " + string.Join(", ", metrics.Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Name}={metric.Value}")));
}
