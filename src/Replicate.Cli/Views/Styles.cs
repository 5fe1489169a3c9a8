namespace Replicate.Cli.Views;

/// <summary>The parameters of the terminal's SGR sequences that the views use.</summary>
internal static class Styles
{
    public const string Plain = "";

    public const string Bold = "1";

    public const string Faint = "2";

    public const string Title = "1;4";

    public const string Red = "31";

    public const string Green = "32";

    public const string Yellow = "33";

    public const string Cyan = "36";

    /// <summary>The style of a status.</summary>
    public static string Of(ExperimentStatus status) => status switch
    {
        ExperimentStatus.Running => Green,
        ExperimentStatus.Failed => Red,
        ExperimentStatus.Lost or ExperimentStatus.Interrupted => Yellow,
        _ => Plain,
    };

    /// <summary>The text between the sequences that begin and end a style.</summary>
    public static string Apply(string style, string text) =>
        style.Length == 0 || text.Length == 0 ? text : $"\e[{style}m{text}\e[0m";
}
