using System.Reflection;

namespace Replicate.Help;

/// <summary>A cmdlet with its page.</summary>
internal sealed record HelpTopic(CmdletDescription Cmdlet, HelpPage Page);

/// <summary>Brings pages and cmdlets together, and says what does not fit.</summary>
internal static class HelpTopics
{
    private const int FewestExamples = 2;

    /// <summary>The topics of the compiled cmdlets.</summary>
    /// <param name="directory">The directory of the pages.</param>
    /// <param name="problems">Takes one line for each thing that is missing or wrong.</param>
    public static IReadOnlyList<HelpTopic> Read(string directory, ICollection<string> problems)
    {
        var pages = new Dictionary<string, HelpPage>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(directory, "*.md").Order(StringComparer.Ordinal))
        {
            try
            {
                pages.Add(Path.GetFileNameWithoutExtension(path), HelpPageReader.Read(path));
            }
            catch (HelpPageException problem)
            {
                problems.Add(problem.Message);
            }
        }

        var cmdlets = CmdletDescription.ReadAll(Assembly.Load("Replicate.PowerShell"));
        foreach (var page in pages.Where(page => !cmdlets.Any(cmdlet => cmdlet.Name == page.Key && cmdlet.Name == page.Value.Name)))
        {
            problems.Add(HelpPageException.Describe(page.Value.Path, 1, $"No cmdlet is named as the page and its title '{page.Value.Name}'."));
        }

        var topics = new List<HelpTopic>();
        foreach (var cmdlet in cmdlets)
        {
            if (pages.TryGetValue(cmdlet.Name, out var page))
            {
                topics.Add(new(cmdlet, page));
                Check(cmdlet, page, problems);
            }
            else if (!File.Exists(Path.Combine(directory, cmdlet.Name + ".md")))
            {
                problems.Add(HelpPageException.Describe(directory, 1, $"The page {cmdlet.Name}.md is missing."));
            }
        }

        return topics;
    }

    private static void Check(CmdletDescription cmdlet, HelpPage page, ICollection<string> problems)
    {
        var names = cmdlet.Parameters.Where(IsWrittenByHand).Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names.Where(name => !page.Parameters.TryGetValue(name, out var text) || text.Count == 0))
        {
            problems.Add(HelpPageException.Describe(page.Path, 1, $"The parameter -{name} is not described."));
        }

        foreach (var name in page.Parameters.Keys.Where(name => !names.Contains(name)))
        {
            problems.Add(HelpPageException.Describe(page.Path, 1, $"{cmdlet.Name} has no parameter -{name}."));
        }

        if (page.Examples.Count < FewestExamples)
        {
            problems.Add(HelpPageException.Describe(page.Path, 1, $"There are {page.Examples.Count} examples; a page has at least {FewestExamples}."));
        }

        if (page.Description.Count == 0)
        {
            problems.Add(HelpPageException.Describe(page.Path, 1, "The description is empty."));
        }
    }

    private static bool IsWrittenByHand(ParameterDescription parameter) =>
        parameter != ParameterDescription.WhatIf && parameter != ParameterDescription.Confirm;
}
