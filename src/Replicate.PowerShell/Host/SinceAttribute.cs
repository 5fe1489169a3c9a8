using System.Management.Automation;

namespace Replicate.PowerShell.Host;

/// <summary>Takes a date, or how long ago it was: <c>7d</c>, <c>12h</c>, <c>30m</c>, <c>2w</c>, or a time span.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SinceAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
    {
        TimeSpan span => DateTime.Now - span,

        // To the shell 7d is a decimal number.
        decimal days and >= 0 and < 100_000 => DateTime.Now - TimeSpan.FromDays((double)days),
        int or long or double => throw new ArgumentTransformationMetadataException(
            $"{inputData} is neither a date nor a time. Say how long ago, as in 7d, 12h or 30m, or give a date."),
        string text when Moments.TryReadSpan(text, out var span) => DateTime.Now - span,
        var other => other,
    };
}
