using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Replicate.Tests.Support;

[assembly: AssemblyFixture(typeof(TestBrowser))]

namespace Replicate.Tests.Support;

/// <summary>
/// A Chromium that pages are opened in from disk, without a network; started when the first test wants it and ended after
/// the last. Where it isn't installed the test is skipped.
/// </summary>
public sealed class TestBrowser : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";

    private static readonly string Scripts = Path.Combine(Checkout.Root, "tests", "browser");

    private readonly Lazy<Task<Process>> _process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _questions = new();
    private readonly SemaphoreSlim _writing = new(1);
    private int _lastId;

    public TestBrowser() => _process = new(StartAsync);

    /// <summary>Opens a page and waits until it is loaded.</summary>
    /// <param name="file">The page's file, or <c>about:blank</c>.</param>
    /// <param name="width">The window's width in pixels.</param>
    /// <param name="height">The window's height in pixels.</param>
    /// <param name="dark">Whether the user prefers dark pages.</param>
    internal async Task<BrowserPage> OpenAsync(string file, int width = 1280, int height = 800, bool dark = false)
    {
        var number = await AskAsync(new()
        {
            ["open"] = file,
            ["options"] = new { viewport = new { width, height }, colorScheme = dark ? "dark" : "light" },
        });
        return new BrowserPage(this, number.GetInt32());
    }

    internal async Task<JsonElement> AskAsync(Dictionary<string, object?> question)
    {
        var process = await _process.Value;
        var id = Interlocked.Increment(ref _lastId);
        question["id"] = id;
        var answer = _questions[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _writing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(question));
            await process.StandardInput.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }

        return await answer.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            using var process = await _process.Value;
            process.StandardInput.Close();
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await process.WaitForExitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        _writing.Dispose();
    }

    private async Task<Process> StartAsync()
    {
        Needs.Chromium.Require();
        Needs.Playwright.Require();
        var process = Process.Start(new ProcessStartInfo("node", ["browser.mjs", Chromium])
        {
            WorkingDirectory = Scripts, RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        if (await process.StandardOutput.ReadLineAsync() != "ready")
        {
            throw new InvalidOperationException("The browser did not start; its error output tells why.");
        }

        _ = ReadAnswersAsync(process);
        return process;
    }

    private async Task ReadAnswersAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            var reply = JsonDocument.Parse(line).RootElement;
            if (_questions.TryRemove(reply.GetProperty("id").GetInt32(), out var answer))
            {
                _ = reply.TryGetProperty("error", out var error)
                    ? answer.TrySetException(new InvalidOperationException(error.GetString()))
                    : answer.TrySetResult(reply.GetProperty("result"));
            }
        }

        foreach (var answer in _questions.Values)
        {
            answer.TrySetException(new InvalidOperationException("The browser ended."));
        }
    }
}
