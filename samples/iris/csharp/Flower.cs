using System.Globalization;

namespace Iris;

/// <summary>A measured flower.</summary>
/// <param name="Measurements">Length and width of sepal and petal, in centimetres.</param>
/// <param name="Class">The index of its species.</param>
internal sealed record Flower(double[] Measurements, int Class)
{
    public static readonly string[] Species = ["setosa", "versicolor", "virginica"];

    public static List<Flower> ReadAll(string path) =>
        [.. File.ReadLines(path).Skip(1).Select(line => line.Split(',')).Select(fields => new Flower(
            [.. fields[..4].Select(field => double.Parse(field, CultureInfo.InvariantCulture))],
            Array.IndexOf(Species, fields[4])))];
}
