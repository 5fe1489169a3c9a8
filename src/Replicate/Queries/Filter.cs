namespace Replicate.Queries;

/// <summary>A condition on experiments: <c>&lt;name&gt; &lt;operator&gt; &lt;value&gt;</c>.</summary>
/// <remarks>
/// Names are those of <see cref="ExperimentField"/> and may hold spaces; names and values may be quoted, <c>"…"</c> or
/// <c>'…'</c> with a quote within doubled. Operators are <c>=</c> (<c>==</c>), <c>!=</c>, <c>&lt;</c>, <c>&lt;=</c>,
/// <c>&gt;</c> and <c>&gt;=</c>. A value is a number, <c>true</c> or <c>false</c>, <c>null</c> or <c>None</c>, a JSON list
/// or object, for <c>created</c> a date, otherwise a string. Numbers compare with numbers and strings with strings;
/// values of other kinds never match. A missing name reads as null. <c>status = stopped</c> is all that isn't running.
/// A date stands for the time it names, local unless it has a zone: <c>created = 2026-11-21</c> is that whole day,
/// <c>created &gt; 2026-11-21</c> is after it, <c>created = 2026-11-21 08:30</c> is that minute.
/// </remarks>
public sealed class Filter
{
    private static readonly string[] Operators = ["=", "==", "!=", "<", "<=", ">", ">="];

    private readonly ExperimentField _field;
    private readonly string _operator;
    private readonly Operand _operand;

    private Filter(ExperimentField field, string @operator, Operand operand) =>
        (_field, _operator, _operand) = (field, @operator, operand);

    /// <summary>What it asks of.</summary>
    internal ExperimentField Field => _field;

    /// <summary>The status that it asks for where there is none of that name; otherwise null.</summary>
    internal string? UnknownStatus =>
        _operand is StatusOperand { Name: var name } && !Enum.GetNames<ExperimentStatus>().Contains(name, StringComparer.OrdinalIgnoreCase)
            ? name
            : null;

    /// <summary>Reads a condition such as <c>loss &lt; 0.2</c>, <c>"val.loss" != null</c> or <c>status = running</c>.</summary>
    /// <exception cref="ReplicateException">It is no condition (<c>InvalidFilter</c>); the message says what is missing.</exception>
    public static Filter Parse(string text)
    {
        try
        {
            return Read((text ?? "").Trim());
        }
        catch (FormatException e)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "InvalidFilter", $"The filter '{text}' cannot be read: {e.Message}.",
                "Write it as <name> <operator> <value> with one of =, !=, <, <=, >, >=, for example: loss < 0.2", e);
        }
    }

    /// <summary>Whether the experiment fulfils the condition. Never throws.</summary>
    public bool Matches(Experiment experiment)
    {
        _field.TryGet(experiment, out var value);
        return _operator switch
        {
            "=" or "==" => _operand.IsEqual(value),
            "!=" => !_operand.IsEqual(value),
            "<" => _operand.Order(value) < 0,
            "<=" => _operand.Order(value) <= 0,
            ">" => _operand.Order(value) > 0,
            _ => _operand.Order(value) >= 0,
        };
    }

    private static Filter Read(string text)
    {
        if (!QueryText.TryReadQuotedName(text, out var name, out var end))
        {
            end = IndexOfOperator(text);
            name = text[..end].TrimEnd();
        }

        if (name.Length == 0)
        {
            throw new FormatException("the name is missing");
        }

        var rest = text[end..].TrimStart();
        var @operator = new string(rest.TakeWhile(IsOperator).ToArray());
        if (@operator.Length == 0)
        {
            throw new FormatException($"the operator is missing after '{name}'");
        }

        if (!Operators.Contains(@operator))
        {
            throw new FormatException($"there is no operator '{@operator}'");
        }

        var value = rest[@operator.Length..].TrimStart();
        if (value.Length == 0)
        {
            throw new FormatException($"the value is missing after '{@operator}' (an empty text is \"\")");
        }

        var field = ExperimentField.Named(name);
        return new Filter(field, @operator, Operand.Read(field, value));
    }

    /// <summary>Where the operator of a condition begins; its end where it has none.</summary>
    internal static int IndexOfOperator(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            // An exclamation mark alone belongs to the name.
            if (IsOperator(text[i]) && (text[i] != '!' || (i + 1 < text.Length && text[i + 1] == '=')))
            {
                return i;
            }
        }

        return text.Length;
    }

    /// <summary>Whether operators are made of a character.</summary>
    internal static bool IsOperator(char character) => character is '=' or '!' or '<' or '>';
}
