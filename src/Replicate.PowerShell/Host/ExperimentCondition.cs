using System.Management.Automation;
using Replicate.PowerShell.Views;

namespace Replicate.PowerShell.Host;

/// <summary>
/// A condition on experiments: a text for the engine, such as <c>'loss &lt; 0.2'</c>, or a script block that gets each in <c>$_</c>
/// as <c>Where-Object</c> does.
/// </summary>
public sealed class ExperimentCondition
{
    private readonly string? _text;
    private readonly ScriptBlock? _block;

    /// <summary>A condition that the engine reads.</summary>
    /// <param name="text">A name, an operator and a value.</param>
    public ExperimentCondition(string text) => _text = text;

    /// <summary>A condition of the shell.</summary>
    /// <param name="block">What is true of an experiment is chosen.</param>
    public ExperimentCondition(ScriptBlock block) => _block = block;

    /// <summary>What the engine reads.</summary>
    internal static string[] TextsOf(IEnumerable<ExperimentCondition> conditions) =>
        [.. conditions.Select(condition => condition._text).OfType<string>()];

    /// <summary>Whether there is a condition that only the thread of the pipeline can look at.</summary>
    internal static bool HasBlocks(IEnumerable<ExperimentCondition> conditions) => conditions.Any(condition => condition._block is not null);

    /// <summary>Those experiments that fulfil all script blocks. Called on the thread of the pipeline.</summary>
    /// <param name="conditions">The conditions; those of text are the engine's.</param>
    /// <param name="experiments">Experiments that fulfil those.</param>
    internal static IReadOnlyList<Experiment> Choose(IEnumerable<ExperimentCondition> conditions, IReadOnlyList<Experiment> experiments)
    {
        ScriptBlock[] blocks = [.. conditions.Select(condition => condition._block).OfType<ScriptBlock>()];

        // The block finds the params and metrics of all of them as properties.
        return blocks.Length == 0 ? experiments :
        [
            .. Listing.Show(experiments)
                .Where(shown => blocks.All(block => IsTrue(block, shown)))
                .Select(shown => (Experiment)shown.BaseObject),
        ];
    }

    /// <summary>As it was given.</summary>
    public override string ToString() => _text ?? _block!.ToString();

    private static bool IsTrue(ScriptBlock block, PSObject experiment)
    {
        var results = block.InvokeWithContext(null, [new PSVariable("_", experiment), new PSVariable("PSItem", experiment)]);
        return LanguagePrimitives.IsTrue(results.Count == 1 ? results[0] : results);
    }
}
