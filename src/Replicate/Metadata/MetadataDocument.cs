using System.Text;
using System.Text.Json;
using Replicate.Storage;

namespace Replicate.Metadata;

/// <summary>
/// An experiment's metadata file being rewritten: what isn't touched keeps its bytes, keys that nobody knows included.
/// </summary>
internal sealed class MetadataDocument
{
    private const string Checkpoints = "checkpoints";

    private readonly byte[] _original;
    private readonly bool _isSealed;
    private byte[] _utf8;
    private AddedEntries _added = new([], []);

    private MetadataDocument(byte[] utf8, bool isSealed)
    {
        _utf8 = _original = utf8;
        _isSealed = isSealed;
    }

    /// <summary>The file without its checksum and the lines that were added.</summary>
    internal ReadOnlyMemory<byte> Bytes => _utf8;

    /// <summary>Whether something was changed.</summary>
    internal bool IsChanged => _added.Count > 0 || !ReferenceEquals(_utf8, _original);

    /// <summary>Takes a metadata file apart.</summary>
    /// <exception cref="FormatException">It is not a JSON object, or not what its checksum says.</exception>
    public static MetadataDocument Parse(ReadOnlyMemory<byte> utf8) =>
        JsonTokens.ReadObject(utf8.Span, static (ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes) =>
        {
            reader.Skip();
            return MetadataReader.RequireWhole(
                bytes, MetadataSeal.Remove(bytes) is { } plain ? new MetadataDocument(plain, isSealed: true) : new MetadataDocument(bytes.ToArray(), isSealed: false));
        });

    /// <summary>Adds checkpoints at the end.</summary>
    /// <exception cref="FormatException">The file's checkpoints are not a list.</exception>
    public void AddCheckpoints(IReadOnlyList<Checkpoint> checkpoints)
    {
        if (checkpoints.Count > 0)
        {
            PutAdded();
            AddList(new AddedEntries([], checkpoints), checkpoints.Count);
        }
    }

    /// <summary>Adds the checkpoints of journals that are not there yet.</summary>
    /// <param name="lines">Lines of journals, which are added with all that they say.</param>
    /// <param name="checkpoints">What other lines say.</param>
    internal void AddLines(IEnumerable<JournalLine> lines, IEnumerable<Checkpoint> checkpoints)
    {
        var present = CheckpointIds();
        _added = new AddedEntries(
            [.. lines.Where(line => present.Add(line.Checkpoint.Id))],
            [.. present.Count == 0 ? checkpoints : checkpoints.Where(checkpoint => !present.Contains(checkpoint.Id))]);
    }

    /// <summary>What the file says with all that was added.</summary>
    /// <param name="read">What <see cref="Bytes"/> say.</param>
    internal ExperimentMetadata Complete(ExperimentMetadata read) =>
        _added.Count == 0 ? read : read with { Checkpoints = read.Checkpoints.Add(_added.Checkpoints) };

    /// <summary>The ids of the checkpoints.</summary>
    internal HashSet<string> CheckpointIds()
    {
        PutAdded();
        return Find(Checkpoints) is { Type: JsonTokenType.StartArray } array
            ? MetadataReader.ReadCheckpointIds(_utf8.AsSpan(array.Start..array.End))
            : [];
    }

    /// <summary>The steps of the checkpoints.</summary>
    internal HashSet<long> Steps()
    {
        PutAdded();
        return Find(Checkpoints) is { Type: JsonTokenType.StartArray } array
            ? MetadataReader.ReadSteps(_utf8.AsSpan(array.Start..array.End))
            : [];
    }

    private void AddList(AddedEntries entries, int count)
    {
        var json = new JsonTextWriter(MetadataWriter.Indent, depth: 1);
        json.BeginArray();
        entries.Write(json, 0, count);
        json.EndArray();
        AddList(json.ToBytes());
    }

    private void AddList(byte[] list)
    {
        switch (Find(Checkpoints))
        {
            case null:
                Insert($"\"{Checkpoints}\": {Encoding.UTF8.GetString(list)}");
                break;
            case { Type: JsonTokenType.StartArray } array when LastEntryEnd(array) is { } end:
                // The entries of the list, without its brackets.
                _utf8 = [.. _utf8.AsSpan(..end), (byte)',', .. list.AsSpan(1..list.AsSpan().LastIndexOf((byte)'\n')), .. _utf8.AsSpan(end..)];
                break;
            case { Type: JsonTokenType.StartArray or JsonTokenType.Null } empty:
                _utf8 = [.. _utf8.AsSpan(..empty.Start), .. list, .. _utf8.AsSpan(empty.End..)];
                break;
            default:
                throw new FormatException($"'{Checkpoints}' is not a list.");
        }
    }

    /// <summary>Removes a checkpoint by its full id.</summary>
    /// <returns>False when it is not there.</returns>
    public bool RemoveCheckpoint(string id)
    {
        PutAdded();
        if (Find(Checkpoints) is not { Type: JsonTokenType.StartArray } array)
        {
            return false;
        }

        var entries = JsonSegment.Children(_utf8, array.Start);
        var index = entries.FindIndex(entry => IdOf(entry) == id);
        switch (index)
        {
            case < 0:
                return false;
            case 0 when entries.Count == 1:
                // As the original writes an experiment without checkpoints.
                Replace(array.Start, array.End, "null");
                return true;
            case 0:
                Replace(entries[0].Start, entries[1].Start, "");
                return true;
            default:
                Replace(entries[index - 1].End, entries[index].End, "");
                return true;
        }
    }

    /// <summary>Changes what our own key says, keys in it that this release does not know kept.</summary>
    /// <param name="change">Gets what is there (or a new one, for a file of the original) and returns what shall be.</param>
    /// <exception cref="FormatException">Our key holds something else.</exception>
    public void ChangeExtension(Func<ExperimentExtension, ExperimentExtension> change)
    {
        var place = Find(ExtensionFormat.Key);
        var present = place is { } segment ? Read(segment) : null;
        var extension = change(present ?? new ExperimentExtension { Version = Release.Version, NullTexts = true });
        if (extension == present)
        {
            return;
        }

        var json = new JsonTextWriter(MetadataWriter.Indent, depth: 1);
        json.BeginObject();
        ExtensionFormat.WriteMembers(json, extension);
        foreach (var member in present is null ? [] : JsonSegment.Children(_utf8, place!.Value.Start))
        {
            if (!ExtensionFormat.Knows(member.Name))
            {
                json.Name(member.Name);
                json.Raw(_utf8.AsSpan(member.Start..member.End));
            }
        }

        json.EndObject();
        var text = Encoding.UTF8.GetString(json.ToBytes());
        if (place is { } old)
        {
            Replace(old.Start, old.End, text);
        }
        else
        {
            Append($"\"{ExtensionFormat.Key}\": {text}");
        }
    }

    /// <summary>Says what the run had around it.</summary>
    internal void SetEnvironment(RunEnvironment environment)
    {
        Set("python_version", environment.PythonVersion);
        Set("python_packages", environment.PythonPackages.Count > 0 ? environment.PythonPackages : null);
        ChangeExtension(extension => extension with { Environment = environment.Facts, Git = environment.Git });
    }

    /// <summary>The file's bytes.</summary>
    public byte[] ToBytes()
    {
        PutAdded();
        return Sealed();
    }

    /// <summary>The file to be put into a store; what was added is put together while it is written.</summary>
    internal ObjectContent ToContent()
    {
        if (_added.Count == 0)
        {
            return ObjectContent.FromBytes(Sealed());
        }

        // The first wherever its place is, the others behind it.
        var file = new MetadataDocument(_utf8, isSealed: false);
        file.AddList(_added, 1);
        var (bytes, added, end) = (file._utf8.AsMemory(), _added.From(1), file.LastEntryEnd(file.Find(Checkpoints)!.Value)!.Value);
        var hasSeal = _isSealed && MetadataSeal.CanAdd(bytes.Span[end..]);
        return ObjectContent.FromWriter(async (stream, token) =>
        {
            if (hasSeal)
            {
                await MetadataSeal.WriteAsync(stream, WriteFirstAsync, bytes[end..], token);
                return;
            }

            await WriteFirstAsync(stream);
            await stream.WriteAsync(bytes[end..], token);

            async Task WriteFirstAsync(Stream target)
            {
                await target.WriteAsync(bytes[..end], token);
                await added.WriteAsync(target, token);
            }
        });
    }

    /// <summary>The bytes with the checksum that they have now, where they had one.</summary>
    private byte[] Sealed() => _isSealed ? MetadataSeal.Add(_utf8) : [.. _utf8];

    /// <summary>Puts all that was added into the bytes.</summary>
    private void PutAdded()
    {
        if (_added.Count > 0)
        {
            AddList(_added, _added.Count);
            _added = new([], []);
        }
    }

    private List<JsonSegment> Members() => JsonSegment.Children(_utf8, JsonTokens.MarkLength(_utf8));

    // Of a key that is there twice, readers take the last.
    private JsonSegment? Find(string name) => Members().Where(member => member.Name == name).Select(member => (JsonSegment?)member).LastOrDefault();

    private void Set(string name, object? value)
    {
        var json = new JsonTextWriter(MetadataWriter.Indent, depth: 1);
        json.Value(value);
        var text = Encoding.UTF8.GetString(json.ToBytes());
        if (Find(name) is { } place)
        {
            Replace(place.Start, place.End, text);
        }
        else
        {
            Insert($"\"{name}\": {text}");
        }
    }

    /// <summary>Where the last item of a list has ended; null for an empty list.</summary>
    private int? LastEntryEnd(JsonSegment array)
    {
        var end = _utf8.AsSpan(..(array.End - 1)).TrimEnd(" \t\r\n"u8).Length;
        return end > array.Start + 1 ? end : null;
    }

    private string? IdOf(JsonSegment entry) =>
        entry.Type != JsonTokenType.StartObject ? null
        : JsonSegment.Children(_utf8, entry.Start).Where(member => member.Name == "id")
            .Select(member => ValueReader.Parse(_utf8.AsSpan(member.Start..member.End)) as string).LastOrDefault();

    private ExperimentExtension? Read(JsonSegment segment)
    {
        var reader = new Utf8JsonReader(_utf8.AsSpan(segment.Start..segment.End), JsonTokens.Options);
        reader.Read();
        return ExtensionFormat.Read(ref reader);
    }

    /// <summary>Puts a member before the release that ends the original's keys.</summary>
    private void Insert(string member)
    {
        foreach (var next in Members())
        {
            if (next.Name is "keepsake_version" or "replicate_version" or ExtensionFormat.Key)
            {
                Replace(next.NameStart, next.NameStart, $"{member},\n ");
                return;
            }
        }

        Append(member);
    }

    private void Append(string member)
    {
        if (Members() is [.., var last])
        {
            Replace(last.End, last.End, $",\n {member}");
        }
        else
        {
            var brace = Array.IndexOf(_utf8, (byte)'{') + 1;
            Replace(brace, brace, $"\n {member}\n");
        }
    }

    private void Replace(int start, int end, string text) =>
        _utf8 = [.. _utf8.AsSpan(..start), .. Encoding.UTF8.GetBytes(text), .. _utf8.AsSpan(end..)];
}
