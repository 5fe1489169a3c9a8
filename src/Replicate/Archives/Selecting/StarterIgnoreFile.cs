using Replicate.Storage.Disk;

namespace Replicate.Archives.Selecting;

/// <summary>The ignore file that a new project begins with.</summary>
internal static class StarterIgnoreFile
{
    private const string Text =
        """
        # What of this project is not saved with an experiment, in the syntax of .gitignore. Without a line here are left out: the
        # repository, version control, environments of Python and Node, caches, check-outs, and what looks like credentials.

        # Leftovers of editors and systems
        *~
        *.swp
        *.tmp
        .DS_Store
        Thumbs.db
        .idea/
        .vscode/

        # What other trackers keep
        wandb/
        mlruns/

        # A model that a run writes is saved with its checkpoints (-CheckpointPath, Add-ReplicateCheckpoint -Path). Where such files lie
        # among the code, name them here, else each run also saves those of the run before:
        # *.pth
        # model.json

        # Data that never changes, and is kept elsewhere:
        # data/

        """;

    /// <summary>Writes it into a directory that has no ignore file yet.</summary>
    /// <param name="directory">Absolute; it must exist.</param>
    /// <exception cref="ReplicateException">It can't be written.</exception>
    internal static void Write(string directory)
    {
        if (Array.Exists(SelectionRules.IgnoreFiles, name => File.Exists(Path.Combine(directory, name))))
        {
            return;
        }

        var path = Path.Combine(directory, SelectionRules.IgnoreFiles[0]);
        try
        {
            using var writer = new StreamWriter(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write });
            writer.Write(Text.ReplaceLineEndings("\n"));
        }
        catch (Exception e) when (DiskError.From(e, "write", path) is { } error)
        {
            throw error;
        }
    }
}
