using System.Text.RegularExpressions;
using Replicate.Tests.Support;

namespace Replicate.Tests.Architecture;

/// <summary>What throws an error and what catches it by its id mean the same one.</summary>
public partial class ErrorIdTests
{
    [Fact]
    public void Who_catches_an_error_by_its_id_names_a_constant_of_ErrorIds()
    {
        var literals =
            from file in Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src"), "*.cs", SearchOption.AllDirectories)
            from line in File.ReadLines(file)
            where ById().IsMatch(line)
            select $"{Path.GetFileName(file)}: {line.Trim()}";

        Assert.Empty(literals);
    }

    [GeneratedRegex("""\bId(:| ==| !=| is) "[A-Z]""")]
    private static partial Regex ById();
}
