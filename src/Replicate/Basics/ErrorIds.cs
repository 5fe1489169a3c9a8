namespace Replicate;

/// <summary>The ids of errors that are made in more than one place, or told from others by who catches them.</summary>
internal static class ErrorIds
{
    /// <summary>A tarball, or a file in it, is not what was saved.</summary>
    internal const string ArchiveDamaged = "ArchiveDamaged";

    /// <summary>A tarball holds what no tarball may, as a path that leads outside.</summary>
    internal const string ArchiveRefused = "ArchiveRefused";

    /// <summary>There is no such bucket or container.</summary>
    internal const string BucketNotFound = "BucketNotFound";

    /// <summary>What is to be deleted has a name.</summary>
    internal const string CheckpointNamed = "CheckpointNamed";

    /// <summary>An experiment without checkpoints was asked for one.</summary>
    internal const string CheckpointNeeded = "CheckpointNeeded";

    /// <summary>Copies of files that wait to be archived are not what was saved.</summary>
    internal const string CopiesDamaged = "CopiesDamaged";

    /// <summary>Copies of files that wait to be archived were not on the disk when the power failed.</summary>
    internal const string CopiesLost = "CopiesLost";

    /// <summary>Nothing says who is asking a store.</summary>
    internal const string CredentialsNotFound = "CredentialsNotFound";

    /// <summary>A store knows who is asking, and refuses the key or token.</summary>
    internal const string CredentialsRefused = "CredentialsRefused";

    /// <summary>Files would be written among others.</summary>
    internal const string DirectoryNotEmpty = "DirectoryNotEmpty";

    /// <summary>An experiment was deleted while something was about to be added to it.</summary>
    internal const string ExperimentDeleted = "ExperimentDeleted";

    /// <summary>A file changed or vanished while it was read.</summary>
    internal const string FileChanged = "FileChanged";

    /// <summary>No such file was saved.</summary>
    internal const string FileNotSaved = "FileNotSaved";

    /// <summary>A file that is to be saved cannot be read.</summary>
    internal const string FileUnreadable = "FileUnreadable";

    /// <summary>No bucket or container can have this name.</summary>
    internal const string InvalidBucketName = "InvalidBucketName";

    /// <summary>No object of a store can have this name.</summary>
    internal const string InvalidKey = "InvalidKey";

    /// <summary>The journal of an experiment cannot be read.</summary>
    internal const string JournalDamaged = "JournalDamaged";

    /// <summary>A metadata file cannot be read.</summary>
    internal const string MetadataDamaged = "MetadataDamaged";

    /// <summary>The file of a name cannot be read.</summary>
    internal const string NameDamaged = "NameDamaged";

    /// <summary>No checkpoint is the best: none has a number for a primary metric.</summary>
    internal const string NoBestCheckpoint = "NoBestCheckpoint";

    /// <summary>There is no number to be drawn.</summary>
    internal const string NothingToPlot = "NothingToPlot";

    /// <summary>What is to be saved does not exist.</summary>
    internal const string PathNotFound = "PathNotFound";

    /// <summary>What is to be saved is not in the project directory.</summary>
    internal const string PathOutsideProject = "PathOutsideProject";

    /// <summary>Something that the primary metric decides was asked for, and there is none.</summary>
    internal const string PrimaryMetricNeeded = "PrimaryMetricNeeded";

    /// <summary>A program is there and cannot be started.</summary>
    internal const string ProgramNotExecutable = "ProgramNotExecutable";

    /// <summary>There is no such program.</summary>
    internal const string ProgramNotFound = "ProgramNotFound";

    /// <summary>The specification of a repository cannot be read.</summary>
    internal const string RepositoryDamaged = "RepositoryDamaged";

    /// <summary>Another process sends what this one needs, and is not done in time.</summary>
    internal const string SentElsewhere = "SentElsewhere";

    /// <summary>Who is asking a store may not do this.</summary>
    internal const string StoreAccessDenied = "StoreAccessDenied";

    /// <summary>A store was reached, and failed.</summary>
    internal const string StoreUnavailable = "StoreUnavailable";

    /// <summary>A store could not be reached.</summary>
    internal const string StoreUnreachable = "StoreUnreachable";

    /// <summary>A comparison has fewer than two sides.</summary>
    internal const string TooFewToCompare = "TooFewToCompare";

    /// <summary>A value cannot be recorded.</summary>
    internal const string UnsupportedValue = "UnsupportedValue";
}
