using System.Text;
using Replicate.Metadata;
using Replicate.Tests.Support;

namespace Replicate.Tests.Repositories;

/// <summary>The metadata files that the original wrote.</summary>
internal static class Fixtures
{
    public const string Edge = "keepsake-edge";
    public const string Iris = "keepsake-iris";

    public static string[] MetadataFiles(string fixture) =>
        Directory.GetFiles(Path.Combine(Checkout.Fixture(fixture), ".keepsake", "metadata", "experiments"));

    public static byte[] Metadata(string fixture, string idPrefix) =>
        File.ReadAllBytes(MetadataFiles(fixture).Single(file => Path.GetFileName(file).StartsWith(idPrefix, StringComparison.Ordinal)));

    public static Experiment Experiment(byte[] metadata) => new(null!, MetadataReader.ReadExperiment(metadata), heartbeat: null);

    public static ExperimentMetadata Read(string json) => MetadataReader.ReadExperiment(Encoding.UTF8.GetBytes(json));

    public static string Text(this MetadataDocument document) => Encoding.UTF8.GetString(document.ToBytes());

    public static MetadataDocument Document(string json) => MetadataDocument.Parse(Encoding.UTF8.GetBytes(json));
}
