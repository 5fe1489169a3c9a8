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

    /// <summary>Brings every measurement to mean 0 and standard deviation 1 over the training flowers.</summary>
    public static void Standardize(IEnumerable<Flower> all, IReadOnlyCollection<Flower> training)
    {
        foreach (var i in Enumerable.Range(0, 4))
        {
            var mean = training.Average(flower => flower.Measurements[i]);
            var deviation = Math.Sqrt(training.Sum(flower => Math.Pow(flower.Measurements[i] - mean, 2)) / (training.Count - 1));
            foreach (var flower in all)
            {
                flower.Measurements[i] = (flower.Measurements[i] - mean) / deviation;
            }
        }
    }
}
