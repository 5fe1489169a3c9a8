using System.Globalization;
using Replicate.Tests.Support;

namespace Replicate.Tests.Reports;

/// <summary>What the tests of the page share: opening it, and reading what a reader sees.</summary>
internal static class ReportPages
{
    /// <summary>Opens a report of some experiments.</summary>
    /// <param name="browser">The browser.</param>
    /// <param name="directory">Where the page is written.</param>
    /// <param name="experiments">What it is about.</param>
    /// <param name="fragment">The state in its address, such as <c>#group=user</c>.</param>
    /// <param name="options">How it is written.</param>
    /// <param name="width">The window's width in pixels.</param>
    public static async Task<BrowserPage> OpenReportAsync(
        this TestBrowser browser, TemporaryDirectory directory, IReadOnlyList<Experiment> experiments, string fragment = "", ReportOptions? options = null,
        int width = 1280)
    {
        var page = await browser.OpenAsync(await ReportSample.WriteAsync(directory, experiments, options), width);
        if (fragment.Length > 0)
        {
            await page.EvaluateAsync<object?>($"void (location.hash = '{fragment}')");
            await page.CallAsync("reload");
        }

        await page.WaitForAsync("document.querySelector('.plots, .headline, .nothing')");
        return page;
    }

    /// <summary>Presses Tab until what has that key, or the first that begins so, has the focus.</summary>
    public static async Task TabToAsync(this BrowserPage page, string key, string tab = "Tab")
    {
        for (var i = 0; i < 200; i++)
        {
            if ((await page.EvaluateAsync<string>("document.activeElement.dataset.key ?? ''")).StartsWith(key, StringComparison.Ordinal))
            {
                return;
            }

            await page.PressAsync(tab);
        }

        Assert.Fail($"Tab does not lead to '{key}'.");
    }

    /// <summary>Waits until the table's rows that are drawn have these texts in a column.</summary>
    public static Task WaitForColumnAsync(this BrowserPage page, string title, params string[] values) =>
        page.WaitForAsync($"{ColumnOf(title)}.join('|') === {System.Text.Json.JsonSerializer.Serialize(string.Join('|', values))}");

    /// <summary>The texts of the rows that are drawn, in a column of the table.</summary>
    public static Task<string[]> ColumnAsync(this BrowserPage page, string title) => page.EvaluateAsync<string[]>(ColumnOf(title));

    /// <summary>The titles of the columns, from left to right.</summary>
    public static Task<string[]> TitlesAsync(this BrowserPage page) =>
        page.EvaluateAsync<string[]>("[...document.querySelectorAll('.runs thead .sort bdi')].map((e) => e.textContent)");

    /// <summary>The texts of what a selector finds.</summary>
    public static Task<string[]> TextsAsync(this BrowserPage page, string selector) =>
        page.EvaluateAsync<string[]>($"[...document.querySelectorAll({System.Text.Json.JsonSerializer.Serialize(selector)})].map((e) => e.textContent)");

    /// <summary>What has a key, as a selector of CSS.</summary>
    public static string Key(string key) => $"[data-key=\"{key.Replace("\"", "\\\"", StringComparison.Ordinal)}\"]";

    /// <summary>The place of what a selector finds, in pixels of the window: left, top, width, height.</summary>
    public static Task<double[]> BoxAsync(this BrowserPage page, string selector) => page.EvaluateAsync<double[]>(
        string.Create(
            CultureInfo.InvariantCulture,
            $"(() => {{ const e = document.querySelector({System.Text.Json.JsonSerializer.Serialize(selector)}); e.scrollIntoView({{ block: 'center' }}); const b = e.getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; }})()"));

    /// <summary>Drags the mouse from one place of the window to another.</summary>
    public static async Task DragAsync(this BrowserPage page, double fromX, double fromY, double toX, double toY)
    {
        await page.CallAsync("mouse.move", fromX, fromY);
        await page.CallAsync("mouse.down");
        await page.CallAsync("mouse.move", (fromX + toX) / 2, (fromY + toY) / 2);
        await page.CallAsync("mouse.move", toX, toY);
        await page.CallAsync("mouse.up");
    }

    private static string ColumnOf(string title) =>
        $$"""
        (() => {
          const heads = [...document.querySelectorAll('.runs thead tr:last-child th')];
          const at = heads.findIndex((head) => (head.querySelector('.sort bdi') ?? head).textContent === '{{title}}');
          return [...document.querySelectorAll('.runs tbody tr[data-row]')].map((row) => row.children[at].textContent);
        })()
        """;
}
