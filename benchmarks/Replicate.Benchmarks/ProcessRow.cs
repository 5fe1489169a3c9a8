namespace Replicate.Benchmarks;

/// <summary>A row of the table of whole processes: a line of shell that a user would write, and what does the same with something else.</summary>
/// <param name="Work">What is done.</param>
/// <param name="Sample">The project that it is done in.</param>
/// <param name="Ours">Our line; <c>$original</c>, <c>$save</c> (with the original's library) and <c>$module</c> are set.</param>
internal sealed record ProcessRow(string Work, Sample Sample, string Ours)
{
    /// <summary>What is run once before all turns.</summary>
    public string Setup { get; init; } = "";

    /// <summary>What is run before each line, and not timed.</summary>
    public string Before { get; init; } = "";

    /// <summary>What is aimed at where nothing is beside it.</summary>
    public string Aim { get; init; } = "";

    /// <summary>What it is compared with.</summary>
    public IReadOnlyList<Peer> Beside { get; init; } = [];
}

/// <summary>What a row is compared with.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Line">Its line of shell.</param>
/// <param name="Aim">The ratio that is aimed at.</param>
/// <param name="IsPart">Whether ours does the same and then its work, so that the difference counts and not the ratio.</param>
internal sealed record Peer(string Name, string Line, string Aim = "", bool IsPart = false);
