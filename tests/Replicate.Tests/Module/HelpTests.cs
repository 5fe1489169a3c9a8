using Replicate.Help;
using Replicate.Tests.Support;

namespace Replicate.Tests.Module;

public class HelpTests
{
    [Fact]
    public void Every_cmdlet_has_a_page_and_every_parameter_is_described()
    {
        var problems = new List<string>();
        HelpTopics.Read(Path.Combine(Checkout.Root, "docs", "cmdlets"), problems);
        Assert.Empty(problems);
    }

    [Fact]
    public void Links_between_pages_lead_somewhere()
    {
        var directory = Path.Combine(Checkout.Root, "docs", "cmdlets");
        var broken = Directory.EnumerateFiles(directory, "*.md").Select(HelpPageReader.Read)
            .SelectMany(page => page.Links.Select(link => (page.Name, link.Target)))
            .Where(link => !link.Target.Contains("://", StringComparison.Ordinal) && !File.Exists(Path.Combine(directory, link.Target)));
        Assert.Empty(broken);
    }

    [Fact]
    public void A_page_is_read_into_its_parts()
    {
        using var directory = new TemporaryDirectory();
        var page = HelpPageReader.Read(directory.Write("Get-Thing.md", Page));
        Assert.Equal("Get-Thing", page.Name);
        Assert.Equal("Gets a thing.", page.Synopsis);
        Assert.Equal(["One paragraph over two lines.", "- an item", "- another"], page.Description);
        Assert.Equal(new HelpExample("First", "# not a title\nGet-Thing", ["It runs."]).Code, page.Examples[0].Code);
        Assert.Equal(["Its name, see Get-Other."], page.Parameters["Name"]);
        Assert.Equal(new HelpLink("Get-Other", "Get-Other.md"), page.Links[0]);
    }

    [Theory]
    [InlineData("# Get-Thing", "Get-Thing", 1)]
    [InlineData("## Outputs", "## Results", 31)]
    [InlineData("```powershell", "```sh", 14)]
    [InlineData("- [Get-Other](Get-Other.md)", "see Get-Other", 37)]
    public void What_is_not_of_the_form_is_named_with_its_line(string right, string wrong, int line)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Write("Get-Thing.md", Page.Replace(right, wrong, StringComparison.Ordinal));
        var error = Assert.Throws<HelpPageException>(() => HelpPageReader.Read(path));
        Assert.StartsWith($"{path}({line}): ", error.Message, StringComparison.Ordinal);
    }

    private const string Page =
        """
        # Get-Thing

        Gets a thing.

        ## Description

        One paragraph
        over two `lines`.
        - an item
        - another

        ## Examples

        ### First

        ```powershell
        # not a title
        Get-Thing
        ```

        It runs.

        ## Parameters

        ### -Name

        Its name, see [Get-Other](Get-Other.md).

        ## Inputs

        ## Outputs

        ### System.Object

        ## Links

        - [Get-Other](Get-Other.md)

        """;
}
