using System.Globalization;
using System.Xml.Linq;
using Replicate.Charts;
using Replicate.Tests.Support;

namespace Replicate.Tests.Charts;

public class SvgTests(TestBrowser browser)
{
    private static readonly string[] Elements = ["svg", "title", "desc", "rect", "line", "path", "circle", "text", "tspan"];
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Theory]
    [MemberData(nameof(TerminalChartTests.Names), MemberType = typeof(TerminalChartTests))]
    public async Task An_image_is_XML_with_a_name_and_a_description(string name)
    {
        using var directory = new TemporaryDirectory();
        var image = XDocument.Load(await SaveAsync(directory, name)).Root!;

        Assert.Equal("img", (string?)image.Attribute("role"));
        Assert.Contains(" over ", image.Element(Svg + "title")!.Value.Replace("against", "over", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.NotEmpty(image.Element(Svg + "desc")!.Value);
        Assert.All(image.DescendantsAndSelf(), element => Assert.Contains(element.Name.LocalName, Elements));
        Assert.DoesNotContain(image.DescendantsAndSelf().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hostile_names_are_text()
    {
        using var directory = new TemporaryDirectory();
        var texts = XDocument.Load(await SaveAsync(directory, "hostile")).Descendants(Svg + "text").Select(text => text.Value).ToArray();

        Assert.Contains(texts, text => text.StartsWith("<script>alert(\"1\")</script>", StringComparison.Ordinal));
        Assert.All(texts, text => Assert.InRange(text.Length, 1, 80));
    }

    [Theory]
    [InlineData("curves")]
    [InlineData("smooth")]
    [InlineData("log")]
    [InlineData("metrics")]
    [InlineData("param")]
    [InlineData("categories")]
    [InlineData("gap")]
    [InlineData("point")]
    [InlineData("equal")]
    [InlineData("many")]
    [InlineData("hostile")]
    public async Task Chromium_draws_it_as_in_the_kept_picture(string name)
    {
        using var directory = new TemporaryDirectory();
        var file = await SaveAsync(directory, name);
        var image = XDocument.Load(file).Root!;
        await using var page = await browser.OpenAsync(file, Pixels(image, "width"), Pixels(image, "height"));

        await Pictures.AssertLikeAsync(browser, name, await page.ScreenshotAsync());
        Assert.Empty(await page.ProblemsAsync());
    }

    private static int Pixels(XElement image, string attribute) =>
        (int)Math.Ceiling(double.Parse(image.Attribute(attribute)!.Value, CultureInfo.InvariantCulture));

    private static async Task<string> SaveAsync(TemporaryDirectory directory, string name)
    {
        var file = directory.Combine($"{name}.svg");
        await ChartFile.WriteAsync(Curves.Named(name), file, TestContext.Current.CancellationToken);
        return file;
    }
}
