using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Replicate.Tests.Support;

/// <summary>
/// Compares pictures with kept ones, beside the test's file in <c>Pictures/</c>. With REPLICATE_KEEP_PICTURES set they are
/// kept anew, for somebody to look at.
/// </summary>
internal static class Pictures
{
    // The share of pixels that may be unlike, and by how much of a color's 255 steps a pixel may differ and still be like.
    private const double Tolerance = 0.005;
    private const int Step = 24;

    private const string CountUnlike =
        """
        async ([left, right, step]) => {
          const read = async data => {
            const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
            const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
            canvas.drawImage(image, 0, 0);
            return canvas.getImageData(0, 0, image.width, image.height);
          };
          const [a, b] = [await read(left), await read(right)];
          if (a.width !== b.width || a.height !== b.height) return 1;
          let unlike = 0;
          for (let i = 0; i < a.data.length; i += 4) {
            unlike += [0, 1, 2].some(c => Math.abs(a.data[i + c] - b.data[i + c]) > step);
          }
          return unlike / (a.data.length / 4);
        }
        """;

    /// <summary>Checks that a picture is like the kept one.</summary>
    /// <param name="browser">What reads the pictures.</param>
    /// <param name="name">The kept picture's name, without its ending.</param>
    /// <param name="png">The picture.</param>
    /// <param name="testFile">The test's file.</param>
    internal static async Task AssertLikeAsync(TestBrowser browser, string name, byte[] png, [CallerFilePath] string testFile = "")
    {
        var directory = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(testFile)!, "Pictures")).FullName;
        var kept = Path.Combine(directory, $"{name}.png");
        if (Environment.GetEnvironmentVariable("REPLICATE_KEEP_PICTURES") is { Length: > 0 })
        {
            await File.WriteAllBytesAsync(kept, png, TestContext.Current.CancellationToken);
            return;
        }

        await using var page = await browser.OpenAsync("about:blank");
        var unlike = await page.EvaluateAsync<double>(
            $"({CountUnlike})({JsonSerializer.Serialize(new object[] { Convert.ToBase64String(await File.ReadAllBytesAsync(kept, TestContext.Current.CancellationToken)), Convert.ToBase64String(png), Step })})");
        if (unlike > Tolerance)
        {
            var found = Path.Combine(Directory.CreateDirectory(Path.Combine(Checkout.Root, "out", "test")).FullName, $"{name}.png");
            await File.WriteAllBytesAsync(found, png, TestContext.Current.CancellationToken);
            Assert.Fail($"{unlike:P2} of the pixels of {name} are unlike the kept picture's; it is in {found}.");
        }
    }
}
