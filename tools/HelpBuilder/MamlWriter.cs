using System.Globalization;
using System.Management.Automation;
using System.Xml.Linq;

namespace Replicate.Help;

/// <summary>Writes the XML that Get-Help reads.</summary>
internal static class MamlWriter
{
    private static readonly XNamespace Items = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>The document of all topics.</summary>
    /// <param name="topics">The cmdlets with their pages.</param>
    /// <param name="address">Where the pages are read online, with a slash at its end: what Get-Help -Online opens, and where links go.</param>
    public static XDocument Write(IEnumerable<HelpTopic> topics, Uri address) =>
        new(new XElement(
            Items + "helpItems",
            new XAttribute("schema", "maml"),
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            topics.Select(topic => Topic(topic, address))));

    private static XElement Topic(HelpTopic topic, Uri address) =>
        new(
            Command + "command",
            new XElement(
                Command + "details",
                new XElement(Command + "name", topic.Cmdlet.Name),
                new XElement(Command + "verb", topic.Cmdlet.Verb),
                new XElement(Command + "noun", topic.Cmdlet.Noun),
                Description([topic.Page.Synopsis])),
            Description(topic.Page.Description),
            new XElement(Command + "syntax", topic.Cmdlet.ParameterSets.Select(set => Syntax(topic, set))),
            new XElement(
                Command + "parameters",
                topic.Cmdlet.Parameters.Select(parameter => Parameter(topic, parameter, parameter.Uses.Values.First()))),
            new XElement(Command + "inputTypes", topic.Page.Inputs.Select(type => TypeWithText("inputType", type.Key, type.Value))),
            new XElement(Command + "returnValues", topic.Page.Outputs.Select(type => TypeWithText("returnValue", type.Key, type.Value))),
            new XElement(Maml + "alertSet", new XElement(Maml + "alert", Paragraphs(topic.Page.Notes))),
            new XElement(Command + "examples", topic.Page.Examples.Select(Example)),
            // The first link is the one that -Online opens.
            new XElement(
                Command + "relatedLinks",
                topic.Page.Links.Prepend(new("Online version:", topic.Cmdlet.Name + ".md")).Select(link => Link(link, address))));

    private static XElement Syntax(HelpTopic topic, string set) =>
        new(
            Command + "syntaxItem",
            new XElement(Maml + "name", topic.Cmdlet.Name),
            topic.Cmdlet.Parameters
                .Select(parameter => (parameter, use: parameter.In(set)))
                .Where(pair => pair.use is not null)
                .OrderBy(pair => pair.use!.Position == int.MinValue ? int.MaxValue : pair.use.Position)
                .ThenByDescending(pair => pair.use!.IsMandatory)
                .Select(pair => Parameter(topic, pair.parameter, pair.use!)));

    private static XElement Parameter(HelpTopic topic, ParameterDescription parameter, ParameterUse use)
    {
        var element = new XElement(
            Command + "parameter",
            new XAttribute("required", use.IsMandatory ? "true" : "false"),
            new XAttribute("variableLength", parameter.Type.IsArray ? "true" : "false"),
            new XAttribute("globbing", parameter.SupportsWildcards ? "true" : "false"),
            new XAttribute("pipelineInput", PipelineInput(use)),
            new XAttribute("position", use.Position == int.MinValue ? "named" : use.Position.ToString(CultureInfo.InvariantCulture)),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(Maml + "name", parameter.Name),
            Description(Text(topic, parameter)));
        if (parameter.Choices.Count > 0)
        {
            element.Add(new XElement(
                Command + "parameterValueGroup",
                parameter.Choices.Select(choice => Value("false", choice))));
        }

        if (parameter.Type != typeof(SwitchParameter))
        {
            element.Add(Value("true", TypeName(parameter.Type)));
        }

        element.Add(
            new XElement(Dev + "type", new XElement(Maml + "name", TypeName(parameter.Type)), new XElement(Maml + "uri")),
            new XElement(Dev + "defaultValue", parameter.Default.Length == 0 ? "None" : parameter.Default));
        return element;
    }

    private static IReadOnlyList<string> Text(HelpTopic topic, ParameterDescription parameter) =>
        parameter == ParameterDescription.WhatIf ? ["Shows what would happen. Nothing is changed."]
        : parameter == ParameterDescription.Confirm ? ["Asks before anything is changed."]
        : topic.Page.Parameters[parameter.Name];

    private static XElement Value(string required, string text) =>
        new(Command + "parameterValue", new XAttribute("required", required), new XAttribute("variableLength", "false"), text);

    private static XElement TypeWithText(string name, string type, IEnumerable<string> text) =>
        new(Command + name, new XElement(Dev + "type", new XElement(Maml + "name", type), new XElement(Maml + "uri")), Description(text));

    private static XElement Example(HelpExample example, int index) =>
        new(
            Command + "example",
            new XElement(Maml + "title", string.Create(CultureInfo.InvariantCulture, $"Example {index + 1}: {example.Title}")),
            new XElement(Dev + "code", example.Code),
            new XElement(Dev + "remarks", Paragraphs(example.Remarks)));

    private static XElement Link(HelpLink link, Uri address) =>
        new(
            Maml + "navigationLink",
            new XElement(Maml + "linkText", link.Text),
            new XElement(Maml + "uri", new Uri(address, link.Target)));

    private static XElement Description(IEnumerable<string> paragraphs) => new(Maml + "description", Paragraphs(paragraphs));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> paragraphs) =>
        paragraphs.Select(paragraph => new XElement(Maml + "para", paragraph));

    private static string PipelineInput(ParameterUse use) => (use.FromPipeline, use.FromProperty) switch
    {
        (true, true) => "True (ByPropertyName, ByValue)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };

    private static string TypeName(Type type) =>
        type.IsArray ? TypeName(type.GetElementType()!) + "[]"
        : type.Assembly == typeof(object).Assembly || type.Namespace == typeof(PSObject).Namespace ? type.Name
        : type.FullName!;
}
