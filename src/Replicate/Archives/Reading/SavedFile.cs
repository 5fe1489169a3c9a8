namespace Replicate;

/// <summary>What a saved entry is.</summary>
public enum SavedFileKind
{
    /// <summary>An ordinary file.</summary>
    File,

    /// <summary>A symbolic link.</summary>
    Link,
}

/// <summary>A file saved with an experiment or checkpoint.</summary>
public sealed record SavedFile
{
    /// <summary>The bits of a mode that are kept: read, write and execute.</summary>
    internal const UnixFileMode Permissions =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Its path relative to the project directory, with <c>/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it is a file or a link.</summary>
    public SavedFileKind Kind { get; init; }

    /// <summary>Its size in bytes; 0 for a link.</summary>
    public long Length { get; init; }

    /// <summary>Its permissions, without setuid, setgid and sticky bits.</summary>
    public UnixFileMode Mode { get; init; }

    /// <summary>When it was last modified, as a local date.</summary>
    public DateTime LastModified { get; init; }

    /// <summary>Where a link points; null for a file.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>The SHA-256 of its content, in lower-case hex digits; null for a link, and where the tarball has no index.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The id of the experiment or checkpoint that it was listed of; empty where it was not listed of one.</summary>
    public string Id { get; init; } = "";

    /// <summary>
    /// The same in words: <c>experiment 8a0c699</c>, or <c>checkpoint 13f927e (step 100), best by loss</c> where that checkpoint
    /// stands for its experiment.
    /// </summary>
    public string SavedWith { get; init; } = "";

    /// <summary>The path, as it is shown.</summary>
    public override string ToString() => Value.Escape(Path);
}
