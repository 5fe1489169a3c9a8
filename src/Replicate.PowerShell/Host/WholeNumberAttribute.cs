using System.Globalization;
using System.Management.Automation;

namespace Replicate.PowerShell.Host;

/// <summary>Refuses a number with a fraction, which the shell would round without a word; <c>4096.0</c> is a whole one.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WholeNumberAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var bare = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        var isWhole = bare switch
        {
            double number => double.IsInteger(number),
            float number => float.IsInteger(number),
            Half number => Half.IsInteger(number),
            decimal number => decimal.IsInteger(number),
            string text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => decimal.IsInteger(number),
            _ => true,
        };
        return isWhole ? inputData : throw new ArgumentTransformationMetadataException(string.Create(
            CultureInfo.InvariantCulture, $"{bare} is no whole number, which a step is. Record a fraction, such as half an epoch, as a metric."));
    }
}
