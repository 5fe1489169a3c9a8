using System.Management.Automation;
using System.Text;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Completion;
using Replicate.Storage;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>As what a saved file is emitted.</summary>
public enum SavedFileContent
{
    /// <summary>One string; UTF-8 unless the file begins with another byte order mark.</summary>
    Text,

    /// <summary>A string per line.</summary>
    Lines,

    /// <summary>One array of bytes.</summary>
    Bytes,

    /// <summary>A stream that is read once from start to end; whoever gets it disposes it.</summary>
    Stream,
}

/// <summary>Opens a saved file: as text, bytes or a stream, or into a file on disk.</summary>
[Cmdlet(VerbsCommon.Open, "ReplicateFile", DefaultParameterSetName = ByExperiment, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(string), typeof(byte[]), typeof(Stream), typeof(FileInfo))]
public sealed class OpenReplicateFile : MatchCmdlet
{
    /// <summary>The file's path relative to the project directory, as it was saved.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ById, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByExperiment)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByCheckpoint)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SavedPathCompleter))]
    public string[] Path { get; set; } = [];

    /// <summary>As what the content is emitted; by default as text.</summary>
    [Parameter]
    public SavedFileContent As { get; set; }

    /// <summary>Writes the content to this file instead, over what is there, and emits the file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <summary>How many bytes an archive may expand to; by default, and at least, 1,000 times its size or 1 GiB, whichever is more.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long? MaxSize { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var match in Matches)
        {
            foreach (var path in Path)
            {
                Open(match, path);
            }
        }
    }

    private void Open(Match match, string path)
    {
        if (OutFile is not null)
        {
            Save(match, path, ResolvePath(OutFile));
        }
        else if (TryRun(path, (_, token) => ReadAsync(match, path, token), out var content))
        {
            WriteObject(content, enumerateCollection: As == SavedFileContent.Lines);
        }
    }

    private async Task<object> ReadAsync(Match match, string path, CancellationToken token)
    {
        var stream = await match.Experiment.OpenFileAsync(match.Checkpoint, path, MaxSize, token);
        if (As == SavedFileContent.Stream)
        {
            return stream;
        }

        await using (stream)
        {
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, token);
            if (As == SavedFileContent.Bytes)
            {
                return copy.ToArray();
            }

            copy.Position = 0;
            using var reader = new StreamReader(copy, Encoding.UTF8);
            return As == SavedFileContent.Lines ? Lines(reader) : await reader.ReadToEndAsync(token);
        }
    }

    private static List<string> Lines(StreamReader reader)
    {
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    private void Save(Match match, string path, string target)
    {
        if (ShouldProcess(target, $"Write the saved file {path} of {match.Id}")
            && TryRun(path, (_, token) => SaveAsync(match, path, target, token)))
        {
            WriteObject(new FileInfo(target));
        }
    }

    private Task SaveAsync(Match match, string path, string target, CancellationToken cancellationToken) => WholeFile.WriteAsync(
        target,
        async (file, token) =>
        {
            await using var saved = await match.Experiment.OpenFileAsync(match.Checkpoint, path, MaxSize, token);
            await saved.CopyToAsync(file, token);
        },
        cancellationToken);
}
