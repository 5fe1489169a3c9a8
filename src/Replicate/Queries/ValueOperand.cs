namespace Replicate.Queries;

/// <summary>A recorded value to compare with.</summary>
internal sealed class ValueOperand(object? operand) : Operand
{
    internal override bool IsEqual(object? value) => Value.AreEqual(value, operand);

    internal override int? Order(object? value) => (value, operand) switch
    {
        (string left, string right) => string.CompareOrdinal(left, right),
        _ when Numbers.IsOrdered(value) && Numbers.IsOrdered(operand) => Numbers.Compare(value!, operand!),
        _ => null,
    };
}

/// <summary>The name of a status, in any case; <c>stopped</c> is every status but running.</summary>
internal sealed class StatusOperand(string operand) : Operand
{
    internal override bool IsEqual(object? value) =>
        Is(nameof(ExperimentStatus.Stopped), operand)
            ? !Is(nameof(ExperimentStatus.Running), value)
            : Is(operand, value);

    internal override int? Order(object? value) => string.Compare((string?)value, operand, StringComparison.OrdinalIgnoreCase);

    private static bool Is(string status, object? value) =>
        string.Equals(status, value as string, StringComparison.OrdinalIgnoreCase);
}
