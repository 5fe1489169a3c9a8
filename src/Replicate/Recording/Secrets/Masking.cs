using Replicate.Metadata;

namespace Replicate.Recording.Secrets;

/// <summary>Masks the texts of one thing that is recorded, and says at its end what was masked.</summary>
internal sealed class Masking : IDisposable
{
    private const int MostNamed = 8;
    private const int MaxNameLength = 40;

    private readonly SortedSet<string> _found = new(StringComparer.Ordinal);
    private SecretMask? _mask;

    private SecretMask Mask => _mask ??= SecretMask.OfProcess();

    /// <summary>The names of what was masked.</summary>
    internal ICollection<string> Found => _found;

    internal string Of(string text) => text.Length == 0 ? text : Mask.Apply(text, _found);

    internal ValueMap Of(ValueMap values) => values.Count == 0 ? values : Mask.Apply(values, _found);

    internal TagList Of(TagList tags) => tags.Count == 0 ? tags : TagList.From(tags.Select(Of));

    /// <summary>Masks what users and programs say in the fields of an experiment.</summary>
    internal ExperimentExtension Of(ExperimentExtension extension)
    {
        var masked = extension with { };
        foreach (var field in ExtensionFields.All)
        {
            switch (field)
            {
                case TextField { IsFree: true } text: text.Set(masked, Of(text.Get(masked))); break;
                case MapField map: map.Set(masked, Of(map.Get(masked))); break;
                case TagsField tags: tags.Set(masked, Of(tags.Get(masked))); break;
            }
        }

        return masked;
    }

    internal RunEnvironment Of(RunEnvironment environment) =>
        new(Of(environment.Facts), Of(environment.Git), Of(environment.PythonVersion), OfPackages(environment.PythonPackages));

    /// <summary>Masks the versions: what a package is called says nothing of them, and PyJWT holds no token.</summary>
    internal ValueMap OfPackages(ValueMap packages) =>
        Value.MapFrom(packages.ToDictionary(package => package.Key, package => package.Value is string version ? Of(version) : package.Value));

    /// <summary>Warns of what was masked, by name.</summary>
    public void Dispose()
    {
        if (_found.Count == 0)
        {
            return;
        }

        var names = _found.Take(MostNamed).Select(name => Mask.Apply(name)).Select(name => $"'{(name.Length <= MaxNameLength ? name : "…" + name[^MaxNameLength..])}'");
        var more = _found.Count > MostNamed ? $" and {_found.Count - MostNamed} more" : "";
        Log.Warn($"What looks like a secret is recorded as {SecretMask.Mask}: {string.Join(", ", names)}{more}.");
    }
}
