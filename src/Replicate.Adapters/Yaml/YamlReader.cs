using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Replicate.Adapters.Yaml;

/// <summary>Reads one YAML document into nodes that know their lines, with YamlDotNet's parser.</summary>
/// <remarks>An alias is the very node of its anchor, so a few lines cannot grow into gigabytes.</remarks>
internal sealed class YamlReader
{
    private const int MaxDepth = 50;
    private const string TextTag = "tag:yaml.org,2002:str";

    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, YamlNode> _anchors = [];

    private YamlReader(string text) => _parser = new Parser(new StringReader(text));

    internal static YamlMapping Read(string text)
    {
        var reader = new YamlReader(text);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException e)
        {
            throw new YamlFormatException((int)e.Start.Line, e.Message);
        }
        catch (Exception e) when (e is InvalidOperationException or EndOfStreamException or ArgumentException)
        {
            // YamlDotNet says so of a few malformed texts.
            throw new YamlFormatException((int)(reader._parser.Current?.End.Line ?? 1), "What follows is not YAML.");
        }
    }

    private YamlMapping ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            return new YamlMapping(1, []);
        }

        var root = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            throw new YamlException(second.Start, second.End, "There is a second document.");
        }

        return root switch
        {
            YamlMapping mapping => mapping,
            YamlScalar { Text: null } => new YamlMapping(root.Line, []),
            _ => throw new YamlFormatException(root.Line, "Keys with values are expected, such as 'key: value'."),
        };
    }

    private YamlNode ReadNode(int depth)
    {
        var start = _parser.Consume<ParsingEvent>();
        if (depth > MaxDepth)
        {
            throw new YamlException(start.Start, start.End, $"Values are nested deeper than {MaxDepth} levels.");
        }

        if (start is AnchorAlias alias)
        {
            return _anchors.TryGetValue(alias.Value, out var anchored) ? anchored
                : throw new YamlException(start.Start, start.End, $"No anchor '{alias.Value}' comes before this alias.");
        }

        var line = (int)start.Start.Line;
        YamlNode node = start switch
        {
            Scalar scalar => ReadScalar(scalar, line),
            SequenceStart => new YamlList(line, ReadItems(depth)),
            _ => new YamlMapping(line, ReadEntries(depth)),
        };
        if (start is NodeEvent { Anchor.IsEmpty: false } anchor)
        {
            _anchors[anchor.Anchor] = node;
        }

        return node;
    }

    private static YamlScalar ReadScalar(Scalar scalar, int line)
    {
        // A tag says it as well as quotes do.
        var isQuoted = !scalar.Tag.IsEmpty ? scalar.Tag.Value == TextTag : scalar.Style != ScalarStyle.Plain || scalar.IsQuotedImplicit;
        return new YamlScalar(line, !isQuoted && scalar.Value is "" or "~" or "null" or "Null" or "NULL" ? null : scalar.Value, isQuoted);
    }

    private List<YamlNode> ReadItems(int depth)
    {
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return items;
    }

    private List<KeyValuePair<YamlScalar, YamlNode>> ReadEntries(int depth)
    {
        var entries = new List<KeyValuePair<YamlScalar, YamlNode>>();
        var names = new HashSet<string?>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var node = ReadNode(depth + 1);
            var key = node as YamlScalar
                ?? throw new YamlFormatException(node.Line, "A key is a list or a mapping where a name is expected.");
            if (!names.Add(key.Text))
            {
                throw new YamlFormatException(key.Line, $"The key '{key.Text}' is there twice.");
            }

            entries.Add(new(key, ReadNode(depth + 1)));
        }

        return entries;
    }
}
