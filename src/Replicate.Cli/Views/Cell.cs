namespace Replicate.Cli.Views;

/// <summary>What stands in one place of a table.</summary>
/// <param name="Lines">One or more lines, control characters escaped.</param>
/// <param name="Style">One of <see cref="Styles"/>; it never changes the alignment.</param>
internal sealed record Cell(string[] Lines, string Style = Styles.Plain)
{
    /// <summary>One line.</summary>
    public Cell(string text, string style = Styles.Plain)
        : this([text], style)
    {
    }

    /// <summary>One line without style.</summary>
    public static implicit operator Cell(string text) => new(text);
}
