namespace Replicate.Runs.Saves;

/// <summary>Whether a program saves the files of a step before it prints its metrics, or after.</summary>
internal enum SaveOrder
{
    /// <summary>Not known yet.</summary>
    Unknown,

    /// <summary>It saves and then prints.</summary>
    SavesFirst,

    /// <summary>It prints and then saves.</summary>
    PrintsFirst,
}
