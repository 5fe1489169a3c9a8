// The training run of train.ps1 in C#: Iris [learning rate] [number of epochs], started in the project directory.
using System.Globalization;
using System.Text.Json;
using Iris;
using Replicate;

var learningRate = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 0.01;
var epochs = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100;

var project = Project.Open(Environment.CurrentDirectory);
var experiment = await project.Experiments.CreateAsync(new()
{
    Params = new Dictionary<string, object> { ["learning_rate"] = learningRate, ["num_epochs"] = epochs },
    Path = ".",
    Command = string.Create(CultureInfo.InvariantCulture, $"Iris {learningRate} {epochs}"),
});
try
{
    var flowers = Flower.ReadAll("iris.csv");
    var (training, held) = (flowers.Where((_, i) => i % 5 != 4).ToList(), flowers.Where((_, i) => i % 5 == 4).ToList());
    Flower.Standardize(flowers, training);
    var model = new SoftmaxRegression(inputs: 4, classes: Flower.Species.Length);
    for (var epoch = 1; epoch <= epochs; epoch++)
    {
        var loss = model.Train(training, learningRate);
        if (epoch % 10 != 0)
        {
            continue;
        }

        await File.WriteAllTextAsync("model.json", JsonSerializer.Serialize(model.Weights));
        var checkpoint = await experiment.CheckpointAsync(new()
        {
            Step = epoch,
            Metrics = new Dictionary<string, object> { ["loss"] = loss, ["accuracy"] = model.Accuracy(held) },
            Path = "model.json",
            PrimaryMetric = new("loss", Goal.Minimize),
        });
        Console.WriteLine($"epoch {epoch}: {checkpoint.Metrics}");
    }

    await experiment.StopAsync();
    return 0;
}
catch
{
    await experiment.StopAsync(ExperimentStatus.Failed, exitCode: 1);
    throw;
}
