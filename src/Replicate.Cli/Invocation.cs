using System.CommandLine;

namespace Replicate.Cli;

/// <summary>One run of a command.</summary>
internal sealed record Invocation(
    ParseResult Line, Project Project, Terminal Terminal, string WorkingDirectory, CancellationToken CancellationToken)
{
    /// <summary>What every command needs.</summary>
    public void Deconstruct(out ParseResult line, out Project project, out Terminal terminal) =>
        (line, project, terminal) = (Line, Project, Terminal);
}
