using Replicate.Charts.Writing;

namespace Replicate.Charts;

/// <summary>Saves charts as files.</summary>
public static class ChartFile
{
    /// <summary>Writes a chart, over what is there, as an interactive page (<c>.html</c>) or an image (<c>.svg</c>).</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="path">The file's absolute path. It is whole or untouched.</param>
    /// <param name="cancellationToken">Ends the work; nothing is in place then.</param>
    /// <exception cref="ReplicateException">The name ends otherwise (<c>UnknownPlotFormat</c>).</exception>
    public static async Task WriteAsync(Chart chart, string path, CancellationToken cancellationToken = default)
    {
        Check(path);
        var unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write))
            {
                if (IsImage(path))
                {
                    SvgChart.Write(chart, file);
                }
                else
                {
                    await HtmlChart.WriteAsync(chart, file, cancellationToken);
                }
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
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
