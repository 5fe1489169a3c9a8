using System.Text;
using Replicate.Presentation;
using Replicate.Tests.Support;

namespace Replicate.Tests.Presentation;

public class HtmlPageTests(TestBrowser browser)
{
    private const string Hostile = "</script><script>alert(1)</script><!-- \u2028 & \" ' </title></style>";

    [Fact]
    public async Task Data_and_title_never_become_markup()
    {
        var json = new JsonTextWriter(indent: 0);
        json.Value(Hostile);
        var page = await WriteAsync(new HtmlPage
        {
            Title = Hostile,
            Data = [new("data", (stream, token) => stream.WriteAsync(json.ToBytes(), token).AsTask())],
            Scripts = ["let x = 1;"],
        });

        Assert.DoesNotContain("alert(1)</script>", page, StringComparison.Ordinal);
        Assert.Contains("<script type=\"application/json\" id=\"data\">\"\\u003c/script\\u003e", page, StringComparison.Ordinal);
        Assert.Contains("<title>&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u2028', page);
    }

    [Fact]
    public async Task The_policy_lets_only_the_scripts_of_the_page_run()
    {
        var page = await WriteAsync(new HtmlPage { Title = "t", Scripts = ["one();\r\n", "two();"] });

        var policy = page[page.IndexOf("default-src", StringComparison.Ordinal)..page.IndexOf("\">\n<meta name=\"viewport", StringComparison.Ordinal)];
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.EndsWith(
            $"script-src {Digest("one();\n")} {Digest("two();")}", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x = '</SCRIPT>'")]
    [InlineData("x = '<!--<script>'")]
    public async Task A_script_that_would_end_itself_is_refused(string script) =>
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(new HtmlPage { Title = "t", Scripts = [script] }));

    [Fact]
    public async Task In_a_browser_only_the_scripts_of_the_page_run()
    {
        var json = new JsonTextWriter(indent: 0);
        json.Value(Hostile);
        using var directory = new TemporaryDirectory();
        var file = directory.Write("page.html", await WriteAsync(new HtmlPage
        {
            Title = Hostile,
            Body = "<p id=\"p\"></p>",
            Data = [new("data", (stream, token) => stream.WriteAsync(json.ToBytes(), token).AsTask())],
            Scripts = ["p.textContent = JSON.parse(data.textContent);", "addEventListener('click', () => eval('1'));"],
        }));
        await using var page = await browser.OpenAsync(file);

        Assert.Equal(Hostile, await page.EvaluateAsync<string>("p.textContent"));
        Assert.Empty(await page.ProblemsAsync());

        await page.EvaluateAsync<object?>("p.innerHTML = '<img src=x onerror=alert(1)>'");
        await page.CallAsync("click", "body");
        await page.EvaluateAsync<object?>("fetch('http://127.0.0.1:9/').catch(() => null)");
        var problems = await page.ProblemsAsync();
        Assert.DoesNotContain(problems, problem => problem.StartsWith("dialog", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("EvalError", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("violates", StringComparison.Ordinal) && problem.Contains("127.0.0.1:9", StringComparison.Ordinal));
    }

    private static string Digest(string script) =>
        $"'sha256-{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'";

    private static async Task<string> WriteAsync(HtmlPage page)
    {
        using var stream = new MemoryStream();
        await page.WriteAsync(stream, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
