using System.CommandLine;
using System.CommandLine.Parsing;

namespace Replicate.Cli.Commands;

/// <summary>Tells the options of <c>run</c> from the words of the program that it runs: all from the program's name on is the program's.</summary>
internal static class ProgramLine
{
    private const string Mark = "--";

    /// <summary>Parses a command line.</summary>
    /// <param name="root">The command with all subcommands.</param>
    /// <param name="words">What was given.</param>
    public static ParseResult Parse(Command root, IReadOnlyList<string> words)
    {
        // The parser itself says which word the program's name is: the first that is no option, and no option's value.
        for (var count = 1; count <= words.Count && words[count - 1] != Mark; count++)
        {
            if (IsName(Parsed(root, words.Take(count)), words[count - 1]))
            {
                return Parsed(root, [.. words.Take(count - 1), Mark, .. words.Skip(count - 1)]);
            }
        }

        return Parsed(root, words);
    }

    /// <summary>The word that stands where an option of <c>run</c> could, and is none; null where all are.</summary>
    public static string? UnknownOption(ParseResult line) =>
        line.CommandResult.Command is RunCommand run && !line.Tokens.Any(token => token.Type == TokenType.DoubleDash)
            && run.ProgramOf(line) is [var name, ..]
            ? name
            : null;

    private static bool IsName(ParseResult line, string word) =>
        !word.StartsWith('-') && line.CommandResult.Command is RunCommand run && run.ProgramOf(line) is [var name] && name == word;

    // A file of arguments is the program's affair.
    private static ParseResult Parsed(Command root, IEnumerable<string> words) =>
        root.Parse([.. words], new ParserConfiguration { ResponseFileTokenReplacer = null });
}
