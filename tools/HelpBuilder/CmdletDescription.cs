using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace Replicate.Help;

/// <summary>A compiled cmdlet, as the binder will see it.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="Noun">The noun.</param>
/// <param name="Parameters">In the order of declaration, base classes last, common ones left out.</param>
/// <param name="ParameterSets">The names of the sets, the default one first; one empty name where there are none.</param>
internal sealed record CmdletDescription(
    string Verb, string Noun, IReadOnlyList<ParameterDescription> Parameters, IReadOnlyList<string> ParameterSets)
{
    /// <summary>Verb and noun.</summary>
    public string Name => $"{Verb}-{Noun}";

    /// <summary>The cmdlets of an assembly, by name.</summary>
    public static IReadOnlyList<CmdletDescription> ReadAll(Assembly assembly) =>
    [
        .. assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && Data<CmdletAttribute>(type).Any())
            .Select(Read)
            .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal),
    ];

    private static CmdletDescription Read(Type type)
    {
        // Attributes are read as data: the assembly that defines them here has no code.
        var attribute = Data<CmdletAttribute>(type).Single();
        var instance = Activator.CreateInstance(type)!;
        var parameters = type.GetProperties()
            .Where(property => Data<ParameterAttribute>(property).Any(data => !data.Named("DontShow", false)))
            .Select(property => ParameterDescription.Read(property, instance))
            .ToList();
        if (attribute.Named("SupportsShouldProcess", false))
        {
            parameters.Add(ParameterDescription.WhatIf);
            parameters.Add(ParameterDescription.Confirm);
        }

        var defaultSet = attribute.Named("DefaultParameterSetName", "");
        var sets = parameters.SelectMany(parameter => parameter.Uses.Keys).Append(defaultSet)
            .Distinct().Where(name => name.Length > 0)
            .OrderByDescending(name => name == defaultSet).ThenBy(name => name, StringComparer.Ordinal)
            .ToList();
        return new(
            (string)attribute.ConstructorArguments[0].Value!, (string)attribute.ConstructorArguments[1].Value!,
            parameters, sets.Count > 0 ? sets : [""]);
    }

    private static IEnumerable<CustomAttributeData> Data<T>(MemberInfo member) =>
        member.GetCustomAttributesData().Where(data => data.AttributeType == typeof(T));
}

/// <summary>A parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, nullable ones unwrapped.</param>
/// <param name="Aliases">Other names.</param>
/// <param name="Choices">The values it is limited to, where there are such.</param>
/// <param name="Default">Its value when not given, as text; empty for none.</param>
/// <param name="SupportsWildcards">Whether it takes wildcards.</param>
/// <param name="Uses">How it is used in each parameter set; the empty name stands for all sets.</param>
internal sealed record ParameterDescription(
    string Name, Type Type, IReadOnlyList<string> Aliases, IReadOnlyList<string> Choices, string Default,
    bool SupportsWildcards, IReadOnlyDictionary<string, ParameterUse> Uses)
{
    /// <summary>The parameter that PowerShell adds to what changes something.</summary>
    public static readonly ParameterDescription WhatIf = Switch("WhatIf", "wi");

    /// <inheritdoc cref="WhatIf"/>
    public static readonly ParameterDescription Confirm = Switch("Confirm", "cf");

    /// <summary>Its use in a parameter set; null where it does not belong to the set.</summary>
    public ParameterUse? In(string set) => Uses.GetValueOrDefault(set) ?? Uses.GetValueOrDefault("");

    /// <summary>Describes the parameter of a property.</summary>
    /// <param name="property">A property with the attribute of a parameter.</param>
    /// <param name="instance">A new cmdlet, which holds the defaults.</param>
    public static ParameterDescription Read(PropertyInfo property, object instance)
    {
        var attributes = property.GetCustomAttributesData().ToLookup(data => data.AttributeType);
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var choices = Strings(attributes[typeof(ValidateSetAttribute)]);
        return new(
            property.Name, type,
            Strings(attributes[typeof(AliasAttribute)]),
            choices.Count == 0 && type.IsEnum ? Enum.GetNames(type) : choices,
            Text(property.GetValue(instance)),
            attributes.Contains(typeof(SupportsWildcardsAttribute)),
            attributes[typeof(ParameterAttribute)].ToDictionary(
                data => data.Named("ParameterSetName", ""),
                data => new ParameterUse(
                    data.Named("Mandatory", false), data.Named("Position", int.MinValue), data.Named("ValueFromPipeline", false),
                    data.Named("ValueFromPipelineByPropertyName", false), data.Named("ValueFromRemainingArguments", false))));
    }

    private static ParameterDescription Switch(string name, string alias) =>
        new(name, typeof(SwitchParameter), [alias], [], "False", false, new Dictionary<string, ParameterUse> { [""] = new() });

    private static IReadOnlyList<string> Strings(IEnumerable<CustomAttributeData> attributes) =>
    [
        .. attributes.SelectMany(data => data.ConstructorArguments)
            .SelectMany(argument => (IEnumerable<CustomAttributeTypedArgument>)argument.Value!)
            .Select(argument => (string)argument.Value!),
    ];

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        SwitchParameter => "False",
        IEnumerable list => string.Join(", ", list.Cast<object>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}

/// <summary>How a parameter is used in a parameter set.</summary>
/// <param name="IsMandatory">Whether it must be given.</param>
/// <param name="Position">Its position; <see cref="int.MinValue"/> for none.</param>
/// <param name="FromPipeline">Whether objects of the pipeline bind to it.</param>
/// <param name="FromProperty">Whether properties of objects of the pipeline bind to it.</param>
/// <param name="FromRemaining">Whether it takes the arguments that remain.</param>
internal sealed record ParameterUse(
    bool IsMandatory = false, int Position = int.MinValue, bool FromPipeline = false, bool FromProperty = false,
    bool FromRemaining = false);

/// <summary>Reads attributes without running their code.</summary>
internal static class AttributeDataExtensions
{
    /// <summary>A named argument of an attribute.</summary>
    public static T Named<T>(this CustomAttributeData data, string name, T missing) =>
        data.NamedArguments.FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value is T value ? value : missing;
}
