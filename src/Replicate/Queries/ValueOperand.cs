namespace Replicate.Queries;

/// <summary>A recorded value to compare with.</summary>
internal sealed class ValueOperand(object? operand) : Operand
{
    internal override bool IsEqual(object? value) => Value.AreEqual(value, operand);

    internal override int? Order(object? value) => (value, operand) switch
    {
        (string left, string right) => string.CompareOrdinal(left, right),
        _ when IsOrdered(value) && IsOrdered(operand) => Value.CompareNumbers(value!, operand!),
        _ => null,
    };

    private static bool IsOrdered(object? value) => Value.TryGetNumber(value, out var number) && !double.IsNaN(number);
}

/// <summary>A tag that is among an experiment's.</summary>
internal sealed class TagOperand(string operand) : Operand
{
    internal override bool IsEqual(object? value) =>
        value is string tags && tags.Split(", ").Contains(operand, StringComparer.Ordinal);

    internal override int? Order(object? value) => value is string tags ? string.CompareOrdinal(tags, operand) : null;
}

/// <summary>The name of a status, in any case; <c>stopped</c> is every status but running.</summary>
internal sealed class StatusOperand(string operand) : Operand
{
    internal string Name => operand;

    internal override bool IsEqual(object? value) =>
        Is(nameof(ExperimentStatus.Stopped), operand)
            ? !Is(nameof(ExperimentStatus.Running), value)
            : Is(operand, value);

    internal override int? Order(object? value) => string.Compare((string?)value, operand, StringComparison.OrdinalIgnoreCase);

    private static bool Is(string status, object? value) =>
        string.Equals(status, value as string, StringComparison.OrdinalIgnoreCase);
}
