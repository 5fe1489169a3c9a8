using Replicate.Tests.Support;

namespace Replicate.Tests.Architecture;

/// <summary>The floors of the engine, each of which stands on those before it. <c>docs/ARCHITECTURE.md</c> says what each is for.</summary>
public sealed class FloorTests : IDisposable
{
    private static readonly string[] Floors =
    [
        "Basics", "Storage", "Adapters", "Configuration", "Metadata", "Archives", "Repositories", "Recording", "Experiments",
        "Queries", "Comparisons", "Integrity", "Runs", "Presentation", "Charts", "Reports",
    ];

    private readonly EngineTypes _types = new();

    [Fact]
    public void Every_folder_is_a_floor() => Assert.Equal(
        Floors.Order(StringComparer.Ordinal),
        Directory.GetDirectories(EngineTypes.Root).Select(path => Path.GetFileName(path)).Where(name => name is not ("bin" or "obj")).Order(StringComparer.Ordinal));

    [Fact]
    public void No_type_uses_one_of_a_floor_above_its_own()
    {
        var upwards = _types.Uses().Where(use => FloorOf(use.ToFolder) > FloorOf(use.FromFolder)).Select(use =>
            $"{use.FromFolder}/{use.From} uses {use.To}, which is above it: move {use.From} to {Floors[FloorOf(use.ToFolder)]} or above, "
            + $"or what it needs of {use.To} to {Floors[FloorOf(use.FromFolder)]} or below.");

        Assert.Empty(upwards);
    }

    [Fact]
    public void A_namespace_is_the_folder_of_its_types_but_for_what_users_name()
    {
        var strays = _types.Namespaces
            .Where(space => space.Key != "Replicate")
            .SelectMany(space => space.Distinct().Where(folder => "Replicate." + folder.Replace('/', '.') != space.Key)
                .Select(folder => $"{folder} holds a type of {space.Key}"));

        Assert.Empty(strays);
    }

    [Fact]
    public void The_drawing_in_the_docs_is_that_of_the_code()
    {
        var arrows = _types.Uses().Select(use => (From: FloorOf(use.FromFolder), To: FloorOf(use.ToFolder)))
            .Where(use => use.From != use.To).Distinct().ToLookup(use => use.From, use => use.To);
        var drawn = string.Join("\n", Enumerable.Range(0, Floors.Length).Reverse().Select(floor =>
            $"{Floors[floor],-13} -> {string.Join(", ", arrows[floor].Order().Select(used => Floors[used]))}".TrimEnd(' ', '>', '-')));

        var document = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "ARCHITECTURE.md")).ReplaceLineEndings("\n");

        Assert.True(document.Contains(drawn, StringComparison.Ordinal), $"The floors use one another otherwise than docs/ARCHITECTURE.md draws it:\n{drawn}");
    }

    public void Dispose() => _types.Dispose();

    private static int FloorOf(string folder) => Array.IndexOf(Floors, folder.Split('/')[0]);
}
