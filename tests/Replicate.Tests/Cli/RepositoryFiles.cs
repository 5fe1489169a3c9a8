using Replicate.Tests.Support;

namespace Replicate.Tests.Cli;

/// <summary>Metadata files as another program would write them.</summary>
internal static class RepositoryFiles
{
    /// <summary>Writes an experiment of the original into <c>.replicate</c> below a directory.</summary>
    public static void WriteExperiment(
        this TemporaryDirectory directory, string id, string parameters = "{}", string checkpoints = "[]", string more = "",
        string created = "2020-09-01T21:42:22Z") =>
        directory.Write(
            $".replicate/metadata/experiments/{id}.json",
            $$"""
            {"id": "{{id}}", "created": "{{created}}", "params": {{parameters}}, "host": "", "user": "ben",
             "command": "train.py", "path": "", "checkpoints": {{checkpoints}}{{more}}}
            """);

    /// <summary>A checkpoint's entry.</summary>
    public static string Checkpoint(string id, long step, string metrics, string primary = "null") =>
        $$"""
        {"id": "{{id}}", "created": "2020-09-01T21:43:{{step:D2}}Z", "metrics": {{metrics}}, "step": {{step}}, "path": "",
         "primary_metric": {{primary}}}
        """;
}
