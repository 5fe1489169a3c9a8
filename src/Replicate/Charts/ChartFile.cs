using Replicate.Charts.Writing;
using Replicate.Storage;

namespace Replicate.Charts;

/// <summary>Saves charts as files.</summary>
public static class ChartFile
{
    /// <summary>Writes a chart, over what is there, as an interactive page (<c>.html</c>) or an image (<c>.svg</c>).</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="path">The file's absolute path. It is whole or untouched.</param>
    /// <param name="cancellationToken">Ends the work; nothing is in place then.</param>
    /// <exception cref="ReplicateException">
    /// The name ends otherwise (<c>UnknownPlotFormat</c>), the directory isn't there (<c>DirectoryNotFound</c>), or the file
    /// system refuses the file.
    /// </exception>
    public static async Task WriteAsync(Chart chart, string path, CancellationToken cancellationToken = default)
    {
        Check(path);
        await WholeFile.WriteAsync(
            path,
            async (stream, token) =>
            {
                if (IsImage(path))
                {
                    SvgChart.Write(chart, stream);
                }
                else
                {
                    await HtmlChart.WriteAsync(chart, stream, token);
                }
            },
            cancellationToken);
    }

    /// <summary>Checks that a name says a format.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ReplicateException">It ends in neither <c>.html</c> nor <c>.svg</c> (<c>UnknownPlotFormat</c>).</exception>
    public static void Check(string path)
    {
        if (!IsImage(path) && !HasExtension(path, ".html") && !HasExtension(path, ".htm"))
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "UnknownPlotFormat", $"The name '{Path.GetFileName(path)}' says no format that a plot can be saved in.",
                "End it in '.html' for an interactive page, or in '.svg' for an image.");
        }
    }

    private static bool IsImage(string path) => HasExtension(path, ".svg");

    private static bool HasExtension(string path, string extension) => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
