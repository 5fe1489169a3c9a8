using System.Globalization;
using System.Text;

namespace Replicate.Benchmarks;

/// <summary>A repository of made-up experiments in a temporary directory, removed when disposed. There are no tarballs.</summary>
internal sealed class GeneratedRepository : IDisposable
{
    /// <summary>The id of the newest experiment.</summary>
    public const string NewestId = "8ee945b2f1b4d2b38ee945b2f1b4d2b38ee945b2f1b4d2b38ee945b2f1b4d2b3";

    /// <summary>The time from the first experiment to the newest.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromDays(200);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("replicate-bench-");

    /// <summary>Writes the metadata files; the same numbers give the same files.</summary>
    public GeneratedRepository(int experiments, int checkpoints) => Write(_directory, experiments, checkpoints);

    /// <summary>The repository's URL.</summary>
    public string Url => "file://" + _directory.FullName;

    /// <summary>Writes such a repository into a directory.</summary>
    public static void Write(DirectoryInfo directory, int experiments, int checkpoints)
    {
        var random = new Random(experiments);
        var metadata = directory.CreateSubdirectory("metadata/experiments").FullName;
        File.WriteAllText(Path.Combine(directory.FullName, "repository.json"), """{"version":1}""");
        var created = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var i = 1; i <= experiments; i++)
        {
            var id = i == experiments ? NewestId : NewId(random);
            created += Age / experiments;
            var file = Path.Combine(metadata, id + ".json");
            File.WriteAllText(file, Experiment(id, created, checkpoints, random));

            // What was written just now is not indexed.
            File.SetLastWriteTimeUtc(file, created);
        }
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static string Experiment(string id, DateTime created, int checkpoints, Random random)
    {
        var json = new StringBuilder();
        json.Append(CultureInfo.InvariantCulture, $$"""
            {
             "id": "{{id}}",
             "created": "{{created:yyyy-MM-ddTHH:mm:ss.ffffffZ}}",
             "params": {
              "learning_rate": {{random.NextDouble()}},
              "num_epochs": {{random.Next(10, 1000)}},
              "optimizer": "{{(random.Next(2) == 0 ? "adam" : "sgd")}}"
             },
             "host": "",
             "user": "ben",
             "config": {
              "repository": "file://.replicate",
              "storage": ""
             },
             "command": "train.py --seed={{random.Next()}}",
             "path": ".",
             "python_version": "3.11.2",
             "python_packages": {
              "numpy": "1.26.4",
              "torch": "2.4.0"
             },
             "checkpoints": [
            """);
        for (var step = 0; step < checkpoints; step++)
        {
            json.Append(step == 0 ? "\n" : ",\n").Append(CultureInfo.InvariantCulture, $$"""
                  {
                   "id": "{{NewId(random)}}",
                   "created": "{{created.AddSeconds(30 * (step + 1)):yyyy-MM-ddTHH:mm:ss.ffffffZ}}",
                   "metrics": {
                    "accuracy": {{random.NextDouble()}},
                    "loss": {{random.NextDouble()}}
                   },
                   "step": {{step}},
                   "path": "model.pth",
                   "primary_metric": {
                    "name": "loss",
                    "goal": "minimize"
                   }
                  }
                """);
        }

        return json.Append("\n ],\n \"replicate_version\": \"0.4.2\"\n}").ToString();
    }

    private static string NewId(Random random)
    {
        var bytes = new byte[32];
        random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
