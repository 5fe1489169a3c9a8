namespace Replicate.Presentation;

/// <summary>What a column of a table shows, for a shell that has a colour for it.</summary>
internal enum ColumnKind
{
    /// <summary>Anything.</summary>
    Text,

    /// <summary>The id, after a star where it is that of the best.</summary>
    Id,

    /// <summary>A status.</summary>
    Status,
}

/// <summary>A column of a table.</summary>
/// <param name="Heading">Its heading, control characters escaped.</param>
/// <param name="Rank">What is shown where there is no room for all: the lowest first.</param>
/// <param name="TextOf">What it shows of a row, on one line, control characters escaped; empty for nothing.</param>
/// <param name="Kind">What that is.</param>
/// <param name="CanBeCut">Whether a text of it that is cut still tells something, as that of a number doesn't.</param>
/// <param name="Width">How long its texts get, where that is known without making each; 0 where they are measured.</param>
internal sealed record TableColumn<T>(string Heading, int Rank, Func<T, string> TextOf, ColumnKind Kind = ColumnKind.Text, bool CanBeCut = false, int Width = 0);
