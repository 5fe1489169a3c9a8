namespace Iris;

/// <summary>A linear classifier, trained by gradient descent over all flowers at once.</summary>
internal sealed class SoftmaxRegression(int inputs, int classes)
{
    /// <summary>For each class the weights of the inputs, then the bias.</summary>
    public double[][] Weights { get; } = [.. Enumerable.Range(0, classes).Select(_ => new double[inputs + 1])];

    /// <summary>Takes one step down the gradient and returns the mean loss before it.</summary>
    public double Train(IReadOnlyList<Flower> flowers, double learningRate)
    {
        var gradient = Weights.Select(row => new double[row.Length]).ToArray();
        var loss = 0.0;
        foreach (var flower in flowers)
        {
            var probabilities = Predict(flower);
            loss -= Math.Log(probabilities[flower.Class]);
            for (var c = 0; c < classes; c++)
            {
                var error = probabilities[c] - (c == flower.Class ? 1 : 0);
                for (var i = 0; i < inputs; i++)
                {
                    gradient[c][i] += error * flower.Measurements[i];
                }

                gradient[c][inputs] += error;
            }
        }

        for (var c = 0; c < classes; c++)
        {
            for (var i = 0; i <= inputs; i++)
            {
                Weights[c][i] -= learningRate * gradient[c][i] / flowers.Count;
            }
        }

        return loss / flowers.Count;
    }

    /// <summary>The share of flowers whose species is predicted.</summary>
    public double Accuracy(IReadOnlyCollection<Flower> flowers) =>
        (double)flowers.Count(flower => Predict(flower).Index().MaxBy(p => p.Item).Index == flower.Class) / flowers.Count;

    private double[] Predict(Flower flower)
    {
        var scores = Weights.Select(row => row[inputs] + row[..inputs].Zip(flower.Measurements, (w, x) => w * x).Sum()).ToArray();
        var highest = scores.Max();
        var powers = scores.Select(score => Math.Exp(score - highest)).ToArray();
        var sum = powers.Sum();
        return [.. powers.Select(power => power / sum)];
    }
}
