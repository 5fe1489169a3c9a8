using System.Text.Json;

namespace Replicate.Tests.Support;

/// <summary>A page that is open in the browser of the tests, in a context of its own.</summary>
internal sealed class BrowserPage(TestBrowser browser, int number) : IAsyncDisposable
{
    /// <summary>Calls any method of Playwright's <c>Page</c> by its path, such as <c>keyboard.press</c> or <c>emulateMedia</c>.</summary>
    public Task<JsonElement> CallAsync(string method, params object?[] arguments) =>
        browser.AskAsync(new() { ["page"] = number, ["call"] = method, ["with"] = arguments });

    /// <summary>The value of an expression of JavaScript in the page.</summary>
    public async Task<T> EvaluateAsync<T>(string expression) => (await CallAsync("evaluate", expression)).Deserialize<T>()!;

    /// <summary>Waits until an expression of JavaScript is true; an error after 30 s.</summary>
    public async Task WaitForAsync(string expression)
    {
        // Playwright's own wait evaluates text in the page when it looks a second time, which a page's policy forbids.
        for (var i = 0; i < 600; i++)
        {
            try
            {
                if (await EvaluateAsync<bool>($"!!({expression})"))
                {
                    return;
                }
            }
            catch (InvalidOperationException e) when (e.Message.Contains("navigation", StringComparison.Ordinal))
            {
                // The page is just reloading itself.
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"{expression} did not become true.");
    }

    /// <summary>Presses keys one after another, named as Playwright does: <c>Tab</c>, <c>Enter</c>, <c>Shift+Tab</c>.</summary>
    public async Task PressAsync(params string[] keys)
    {
        foreach (var key in keys)
        {
            await CallAsync("keyboard.press", key);
        }
    }

    /// <summary>Types text where the focus is.</summary>
    public Task TypeAsync(string text) => CallAsync("keyboard.type", text);

    /// <summary>The bytes of a PNG of what is in view, or of the whole page.</summary>
    public async Task<byte[]> ScreenshotAsync(bool fullPage = false) =>
        (await CallAsync("screenshot", new { fullPage, animations = "disabled" })).GetBytesFromBase64();

    /// <summary>What went wrong so far: messages and warnings on the console, uncaught errors, dialogs, requests to a network.</summary>
    public async Task<string[]> ProblemsAsync() =>
        (await browser.AskAsync(new() { ["page"] = number })).Deserialize<string[]>()!;

    public async ValueTask DisposeAsync() => await CallAsync("close");
}
