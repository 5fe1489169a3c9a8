using System.Collections.ObjectModel;
using System.Management.Automation;

namespace Replicate.PowerShell.Views;

/// <summary>
/// What a shell sees of an object of ours: what tells it from others first, metrics and params under their own names, and
/// nothing that leads back to where it came from. Texts are escaped; <c>PSBase</c> has them as they are recorded.
/// </summary>
public abstract class RecordedAdapter : PSPropertyAdapter
{
    /// <inheritdoc/>
    public override Collection<PSAdaptedProperty> GetProperties(object baseObject) =>
        [.. ColumnsOf(baseObject).Shown.Select(column => new PSAdaptedProperty(column.Name, column))];

    /// <inheritdoc/>
    public override PSAdaptedProperty? GetProperty(object baseObject, string propertyName) =>
        ColumnsOf(baseObject).Find(propertyName) is { } column ? new(column.Name, column) : null;

    /// <inheritdoc/>
    public override bool IsGettable(PSAdaptedProperty adaptedProperty) => true;

    /// <inheritdoc/>
    public override bool IsSettable(PSAdaptedProperty adaptedProperty) => false;

    /// <inheritdoc/>
    public override object? GetPropertyValue(PSAdaptedProperty adaptedProperty) =>
        ((Column)adaptedProperty.Tag).ValueOf(adaptedProperty.BaseObject);

    /// <inheritdoc/>
    public override void SetPropertyValue(PSAdaptedProperty adaptedProperty, object value) =>
        throw new SetValueException($"'{adaptedProperty.Name}' is recorded and cannot be changed.");

    /// <inheritdoc/>
    public override string GetPropertyTypeName(PSAdaptedProperty adaptedProperty) =>
        GetPropertyValue(adaptedProperty) is { } value ? PSObject.AsPSObject(value).BaseObject.GetType().FullName! : "System.Object";

    private protected abstract ColumnSet ColumnsOf(object owner);
}

/// <summary>What a shell sees of an experiment.</summary>
public sealed class ExperimentAdapter : RecordedAdapter
{
    private protected override ColumnSet ColumnsOf(object owner) => Listing.Of((Experiment)owner).Columns;
}

/// <summary>What a shell sees of a checkpoint.</summary>
public sealed class CheckpointAdapter : RecordedAdapter
{
    private protected override ColumnSet ColumnsOf(object owner) => Listing.Of((Checkpoint)owner).Columns;
}
