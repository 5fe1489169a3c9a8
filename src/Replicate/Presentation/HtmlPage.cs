using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Replicate.Presentation;

/// <summary>
/// A self-contained HTML page: style, data and scripts are all in the one file, and a browser is told to load nothing
/// else and to run nothing but these very scripts. Data never become markup or program: they stand in elements of a
/// type that is not run, and a script reads them with <c>JSON.parse</c>.
/// </summary>
internal sealed class HtmlPage
{
    /// <summary>What would end a script, or hide its end, while a browser looks for it.</summary>
    private static readonly string[] EndsScript = ["</script", "<script", "<!--"];

    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>What a browser shows in its tab; any text.</summary>
    public required string Title { get; init; }

    /// <summary>Rules of CSS of our own; empty for none.</summary>
    public string Style { get; init; } = "";

    /// <summary>Markup of our own, without anything that came from a repository.</summary>
    public string Body { get; init; } = "";

    /// <summary>Writers of JSON by the id of the element that holds it. What they write holds no <c>&lt;</c>, as <see cref="JsonTextWriter"/> writes it.</summary>
    public IReadOnlyList<KeyValuePair<string, Func<Stream, CancellationToken, Task>>> Data { get; init; } = [];

    /// <summary>The scripts, in the order in which they run, after body and data.</summary>
    public IReadOnlyList<string> Scripts { get; init; } = [];

    /// <summary>Writes the page.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="cancellationToken">Ends the work with half a page.</param>
    /// <exception cref="ArgumentException">A script or the style holds what would end its element.</exception>
    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        // A browser reads line ends as \n before it takes the digest.
        var scripts = Scripts.Select(script => script.Replace("\r\n", "\n", StringComparison.Ordinal)).ToArray();
        if (Array.Exists(scripts, IsUnsafe) || Style.Contains("</", StringComparison.Ordinal))
        {
            throw new ArgumentException("A script or the style holds what would end its element.");
        }

        await PutAsync(stream, Head(scripts), cancellationToken);
        foreach (var (id, write) in Data)
        {
            await PutAsync(stream, $"<script type=\"application/json\" id=\"{WebUtility.HtmlEncode(id)}\">", cancellationToken);
            await write(stream, cancellationToken);
            await PutAsync(stream, "</script>\n", cancellationToken);
        }

        foreach (var script in scripts)
        {
            await PutAsync(stream, $"<script>{script}</script>\n", cancellationToken);
        }

        await PutAsync(stream, "</body>\n</html>\n", cancellationToken);
    }

    private static bool IsUnsafe(string script) =>
        Array.Exists(EndsScript, end => script.Contains(end, StringComparison.OrdinalIgnoreCase));

    private string Head(string[] scripts) =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{Policy(scripts)}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <title>{WebUtility.HtmlEncode(Value.Escape(Title))}</title>
        <link rel="icon" href="data:,">
        <style>
        {Style}
        </style>
        </head>
        <body>
        {Body}

        """;

    /// <summary>Nothing from anywhere; only these scripts, by their digests, and no text as a program.</summary>
    /// <remarks>Vega lays out with style attributes and hands a chart that is saved to the browser as a <c>data:</c> or <c>blob:</c> image.</remarks>
    private static string Policy(string[] scripts) =>
        "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; img-src data: blob:; script-src "
        + (scripts.Length == 0 ? "'none'" : string.Join(' ', scripts.Select(Digest)));

    private static string Digest(string script) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Utf8.GetBytes(script)))}'";

    private static async Task PutAsync(Stream stream, string text, CancellationToken cancellationToken) =>
        await stream.WriteAsync(Utf8.GetBytes(text), cancellationToken);
}
