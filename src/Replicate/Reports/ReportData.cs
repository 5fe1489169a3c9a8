using System.IO.Compression;
using System.Security.Cryptography;
using Replicate.Presentation;
using Replicate.Queries;

namespace Replicate.Reports;

/// <summary>
/// Writes what a report tells as a text of base64, deflated JSON that its page unpacks. Values are written as in a
/// repository; what is empty or missing is left out; checkpoints are columns, and what many share is written once.
/// </summary>
internal sealed class ReportData(
    IReadOnlyList<Experiment> experiments, ReportOptions options, TimeSpan? reloadsAfter, SavedTexts saved, SavedLogs logs,
    IReadOnlyList<string> notes)
{
    private const int FlushLength = 1 << 16;
    private const int KeptId = 16;

    private readonly JsonTextWriter _json = new(indent: 0, escapesHtml: false);
    private readonly Dictionary<ValueMap, int> _packages = [];
    private readonly Dictionary<string, int> _repositories = new(StringComparer.Ordinal);

    /// <summary>Writes it as a JSON text.</summary>
    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync("\""u8.ToArray(), cancellationToken);
        await using (var base64 = new CryptoStream(stream, new ToBase64Transform(), CryptoStreamMode.Write, leaveOpen: true))
        await using (var deflate = new DeflateStream(base64, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await WriteJsonAsync(deflate, cancellationToken);
        }

        await stream.WriteAsync("\""u8.ToArray(), cancellationToken);
    }

    private async Task WriteJsonAsync(Stream stream, CancellationToken cancellationToken)
    {
        _json.BeginObject();
        _json.Member("title", options.Title);
        _json.Member("made", Timestamp.Now.ToString());
        _json.Member("version", Release.Version);
        Put("reloadsAfter", reloadsAfter?.TotalSeconds);
        Put("keepsOrder", options.KeepsOrder ? true : null);
        Put("isSelection", options.IsSelection ? true : null);
        _json.Member("notes", new ValueList([.. notes]));
        _json.Member("differing", new ValueList([.. VisibleColumns.ParamsThatMatter(experiments)]));
        var primary = BestRun.MetricOf(experiments);
        Put("primary", primary is null ? null : new ValueList([primary.Name, primary.Goal.ToText()]));
        Put("best", BestRun.Of(experiments, least: 2)?.Id);
        _json.Name("runs");
        _json.BeginArray();
        foreach (var experiment in experiments)
        {
            WriteRun(experiment);
            await FlushAsync(stream, FlushLength, cancellationToken);
        }

        _json.EndArray();
        _json.Member("repositories", new ValueList([.. _repositories.Keys]));
        _json.Member("packages", new ValueList([.. _packages.Keys]));
        _json.Name("contents");
        _json.BeginArray();
        foreach (var content in saved.Contents)
        {
            _json.Value(ToList(content));
            await FlushAsync(stream, FlushLength, cancellationToken);
        }

        _json.EndArray();
        _json.Name("lines");
        _json.BeginArray();
        foreach (var line in saved.Lines)
        {
            _json.Value(line);
            await FlushAsync(stream, FlushLength, cancellationToken);
        }

        _json.EndArray();
        _json.EndObject();
        await FlushAsync(stream, 0, cancellationToken);
    }

    private static ValueList ToList(SavedContent content)
    {
        var lines = content.Lines is null ? null : new ValueList([.. content.Lines.Select(number => (object)(long)number)]);
        return content.Image is { } image
            ? new ValueList([content.Digest, content.Length, lines, image.Format, Convert.ToBase64String(image.Bytes)])
            : new ValueList([content.Digest, content.Length, lines]);
    }

    private async Task FlushAsync(Stream stream, int above, CancellationToken cancellationToken)
    {
        if (_json.Length > above)
        {
            await _json.FlushToAsync(stream, cancellationToken);
        }
    }

    private void WriteRun(Experiment experiment)
    {
        var metadata = experiment.Metadata;
        _json.BeginObject();
        _json.Member("id", experiment.Id);
        _json.Member("created", metadata.Created.ToString());
        _json.Member("status", experiment.Status.ToString());
        _json.Member("repository", IndexOf(_repositories, experiment.Project?.Repository ?? metadata.Repository));
        Put("command", experiment.Command);
        Put("path", experiment.Path);
        Put("host", experiment.Host);
        Put("user", experiment.User);
        Put("python", experiment.PythonVersion);
        Put("packages", experiment.PythonPackages.Count > 0 ? IndexOf(_packages, experiment.PythonPackages) : null);
        Put("params", experiment.Params);
        Put("tags", experiment.Tags.Count > 0 ? new ValueList([.. experiment.Tags]) : null);
        Put("note", experiment.Note);
        Put("parent", experiment.Parent);
        Put("parentCheckpoint", metadata.Extension?.ParentCheckpoint);
        Put("environment", experiment.Environment);
        Put("git", experiment.Git);
        Put("build", experiment.Build);
        Put("ended", metadata.Extension?.Ended?.ToString());
        Put("heartbeat", experiment.LastHeartbeat?.ToString());
        Put("exitCode", (long?)experiment.ExitCode);
        Put("errorOutput", experiment.ErrorOutput);
        Put("log", logs.Of(experiment.Id));
        Put("pending", experiment.Pending ? true : null);
        if (experiment.PrimaryMetric is { } primary)
        {
            _json.Member("primary", new ValueList([primary.Name, primary.Goal.ToText()]));
        }

        WriteFiles("files", saved.Of(experiment.Id));
        WriteCheckpoints(experiment);
        _json.EndObject();
    }

    private void WriteCheckpoints(Experiment experiment)
    {
        var checkpoints = experiment.Checkpoints;
        if (checkpoints.Count == 0)
        {
            return;
        }

        Put("best", experiment.Best() is { } best ? (long)checkpoints.ToList().IndexOf(best) : null);
        _json.Member("steps", Column(checkpoint => checkpoint.Step));
        var before = experiment.Metadata.Created.Utc;
        _json.Member("times", Column(checkpoint =>
        {
            var ticks = checkpoint.CreatedAt.Utc.Ticks - before.Ticks;
            before = checkpoint.CreatedAt.Utc;
            return ticks;
        }));
        _json.Member("ids", Column(checkpoint => CutId(checkpoint.Id)));
        if (checkpoints.Any(checkpoint => checkpoint.Path.Length > 0))
        {
            _json.Member("paths", Column(checkpoint => checkpoint.Path));
        }

        if (checkpoints.Any(checkpoint => checkpoint.MissingFiles.Count > 0))
        {
            _json.Member("unsaved", Column(checkpoint => string.Join(", ", checkpoint.MissingFiles)));
        }

        _json.Name("metrics");
        _json.BeginArray();
        foreach (var name in checkpoints.SelectMany(checkpoint => checkpoint.Metrics.Names).Distinct().Order(Utf8Order.Instance))
        {
            // A third item tells which checkpoints do not have the metric, as against one that is null.
            var missing = Enumerable.Range(0, checkpoints.Count).Where(i => !checkpoints[i].Metrics.ContainsKey(name));
            var column = Column(checkpoint => checkpoint.Metrics[name]);
            _json.Value(missing.Any()
                ? new ValueList([name, column, new ValueList([.. missing.Select(i => (object)(long)i)])])
                : new ValueList([name, column]));
        }

        _json.EndArray();
        for (var i = 0; i < checkpoints.Count; i++)
        {
            WriteFiles($"files{i}", saved.Of(checkpoints[i].Id));
            WriteFiles($"images{i}", saved.ImagesOf(checkpoints[i].Id) is { Count: > 0 } images ? images : null);
        }

        ValueList Column(Func<Checkpoint, object?> value) => new([.. checkpoints.Select(value)]);
    }

    /// <summary>
    /// What stands for a checkpoint: random digits are most of what a page holds, and these are enough for any command.
    /// </summary>
    private static string CutId(string id) => id.Length > KeptId ? id[..KeptId] : id;

    private void WriteFiles(string key, IReadOnlyList<ListedFile>? files)
    {
        if (files is null)
        {
            return;
        }

        _json.Name(key);
        _json.BeginArray();
        foreach (var (file, content) in files)
        {
            _json.Value(content >= 0
                ? new ValueList([file.Path, (long)content])
                : new ValueList([file.Path, -1L, file.LinkTarget]));
        }

        _json.EndArray();
    }

    private void Put(string name, object? value)
    {
        if (value is not (null or "" or ValueMap { Count: 0 }))
        {
            _json.Member(name, value);
        }
    }

    private static long IndexOf<T>(Dictionary<T, int> table, T item)
        where T : notnull
    {
        if (!table.TryGetValue(item, out var index))
        {
            index = table[item] = table.Count;
        }

        return index;
    }
}
