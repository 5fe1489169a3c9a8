using System.Collections.Concurrent;
using System.Management.Automation;
using System.Reflection;

namespace Replicate.PowerShell.Views;

/// <summary>
/// A property of an object whose text would change a terminal, or in a pipeline be a command of its agent: a shell writes it
/// out as it is, as <c>Format-List *</c> does, and so gets it escaped. <c>PSBase</c> has it as it is recorded.
/// </summary>
internal sealed class ShownProperty : PSNoteProperty
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Known = [];

    private readonly object _owner;
    private readonly PropertyInfo _property;

    private ShownProperty(object owner, PropertyInfo property)
        : base(property.Name, null) => (_owner, _property) = (owner, property);

    /// <inheritdoc/>
    public override bool IsSettable => false;

    /// <inheritdoc/>
    public override object? Value
    {
        get => ShownValue.Of(_property.GetValue(_owner));
        set => throw new SetValueException($"'{Name}' is recorded and cannot be changed.");
    }

    /// <inheritdoc/>
    public override string TypeNameOfValue => Value?.GetType().FullName ?? "System.Object";

    /// <inheritdoc/>
    public override PSMemberInfo Copy() => new ShownProperty(_owner, _property);

    /// <summary>Gives an object of ours the properties that are to be shown otherwise than they are; mostly none.</summary>
    internal static void AddTo(object owner)
    {
        PSObject? shown = null;
        foreach (var property in Known.GetOrAdd(owner.GetType(), TextsOf))
        {
            if (IsToBeEscaped(owner, property))
            {
                shown ??= new PSObject(owner);

                // An object that was shown before may be in the hands of other runspaces.
                lock (Known)
                {
                    shown.Properties.Remove(property.Name);
                    shown.Properties.Add(new ShownProperty(owner, property), preValidated: true);
                }
            }
        }
    }

    // A patch is made anew each time: it is looked at when it is shown.
    private static bool IsToBeEscaped(object owner, PropertyInfo property) =>
        property.Name == nameof(FileDifference.Diff) || (property.GetValue(owner) is { } value && !ReferenceEquals(ShownValue.Of(value), value));

    /// <summary>The properties that hold texts; ids are known to be harmless.</summary>
    private static PropertyInfo[] TextsOf(Type type) => [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(
        property => property.GetIndexParameters().Length == 0 && !property.Name.EndsWith("Id", StringComparison.Ordinal)
            && (property.PropertyType == typeof(object) || Array.Exists(ShownValue.Kinds, kind => kind == property.PropertyType)))];
}
