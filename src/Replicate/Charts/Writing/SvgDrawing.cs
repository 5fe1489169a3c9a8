using System.Globalization;
using System.Text;
using System.Xml;

namespace Replicate.Charts.Writing;

/// <summary>Writes the few elements of SVG that a chart needs. Text is never markup, whatever it holds.</summary>
internal sealed class SvgDrawing : IDisposable
{
    private const string Namespace = "http://www.w3.org/2000/svg";
    private const string Fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

    private readonly XmlWriter _xml;

    /// <summary>Begins an image on white.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="title">Its name.</param>
    /// <param name="description">What it shows, for whoever does not see it.</param>
    internal SvgDrawing(Stream stream, double width, double height, string title, string description)
    {
        _xml = XmlWriter.Create(stream, new XmlWriterSettings { Indent = true, IndentChars = " ", NewLineChars = "\n", CloseOutput = false, Encoding = new UTF8Encoding(false) });
        _xml.WriteStartElement("svg", Namespace);
        Attributes(
            ("width", Number(width)), ("height", Number(height)), ("viewBox", $"0 0 {Number(width)} {Number(height)}"), ("role", "img"),
            ("font-family", Fonts), ("font-size", "12"));
        Leaf("title", Clean(title));
        Leaf("desc", Clean(description));
        Leaf("rect", null, ("width", "100%"), ("height", "100%"), ("fill", "#ffffff"));
    }

    /// <summary>Draws a line from one point to another.</summary>
    internal void Line(double x1, double y1, double x2, double y2, string color) => Leaf(
        "line", null, ("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2)), ("stroke", color));

    /// <summary>Draws connected points.</summary>
    /// <param name="segments">The points of each piece.</param>
    /// <param name="color">The colour.</param>
    /// <param name="dash">The dashes; empty for a full line.</param>
    /// <param name="name">What a pointer over it is told.</param>
    internal void Path(IEnumerable<IEnumerable<(double X, double Y)>> segments, string color, string dash, string name)
    {
        var path = new StringBuilder();
        foreach (var segment in segments)
        {
            var isFirst = true;
            foreach (var (x, y) in segment)
            {
                path.Append(isFirst ? 'M' : 'L').Append(Number(x)).Append(' ').Append(Number(y));
                isFirst = false;
            }
        }

        Leaf(
            "path", name, ("d", path.ToString()), ("fill", "none"), ("stroke", color), ("stroke-width", "1.75"), ("stroke-linejoin", "round"),
            ("stroke-linecap", "round"), ("stroke-dasharray", dash));
    }

    /// <summary>Draws points as one shape, faint.</summary>
    /// <remarks>Their round ends make dots of lines without length.</remarks>
    internal void Cloud(IEnumerable<(double X, double Y)> points, string color) => Leaf(
        "path", null, ("d", string.Concat(points.Select(point => $"M{Number(point.X)} {Number(point.Y)}h0"))), ("stroke", color),
        ("stroke-width", "3"), ("stroke-linecap", "round"), ("stroke-opacity", "0.35"));

    /// <summary>Draws a circle.</summary>
    internal void Circle(double x, double y, double radius, string fill, string stroke, string name) => Leaf(
        "circle", name, ("cx", Number(x)), ("cy", Number(y)), ("r", Number(radius)), ("fill", fill), ("stroke", stroke), ("stroke-width", "2"));

    /// <summary>Writes text at a point of its base line.</summary>
    /// <param name="x">The point.</param>
    /// <param name="y">The point, from above.</param>
    /// <param name="text">Any text.</param>
    /// <param name="color">Its colour.</param>
    /// <param name="anchor"><c>start</c>, <c>middle</c> or <c>end</c>: which part of the text is at the point.</param>
    /// <param name="weight"><c>normal</c> or <c>bold</c>.</param>
    /// <param name="faint">What follows it in grey; empty for nothing.</param>
    internal void Text(double x, double y, string text, string color, string anchor = "start", string weight = "normal", string faint = "")
    {
        _xml.WriteStartElement("text", Namespace);

        // Whatever its letters are, it runs from left to right as a whole, and changes nothing beside it.
        Attributes(
            ("x", Number(x)), ("y", Number(y)), ("fill", color), ("text-anchor", anchor == "start" ? "" : anchor),
            ("font-weight", weight == "normal" ? "" : weight), ("direction", "ltr"), ("unicode-bidi", "isolate"));
        _xml.WriteString(Clean(text));
        if (faint.Length > 0)
        {
            _xml.WriteStartElement("tspan", Namespace);
            Attributes(("dx", "6"), ("fill", ChartColors.Secondary), ("direction", "ltr"), ("unicode-bidi", "isolate"));
            _xml.WriteString(Clean(faint));
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
    }

    /// <summary>Ends the image.</summary>
    public void Dispose()
    {
        _xml.WriteEndElement();
        _xml.Dispose();
    }

    private static string Number(double value) => (Math.Round(value, 1) + 0.0).ToString(CultureInfo.InvariantCulture);

    /// <summary>The text without what XML cannot hold: halves of surrogate pairs, and characters that are none.</summary>
    private static string Clean(string text) => string.Concat(Value.Escape(text).EnumerateRunes()
        .Select(rune => rune.Value is 0xfffe or 0xffff ? Rune.ReplacementChar : rune));

    private void Leaf(string name, string? content, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _xml.WriteStartElement(name, Namespace);
        Attributes(attributes);
        if (content is not null && name is "title" or "desc")
        {
            _xml.WriteString(content);
        }
        else if (content is not null)
        {
            Leaf("title", Clean(content));
        }

        _xml.WriteEndElement();
    }

    private void Attributes(params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            if (value.Length > 0)
            {
                _xml.WriteAttributeString(name, value);
            }
        }
    }
}

/// <summary>The greys of a chart on white.</summary>
internal static class ChartColors
{
    internal const string Text = "#222222";
    internal const string Secondary = "#5a5a5a";
    internal const string Axis = "#8c8c8c";
    internal const string Grid = "#e6e6e6";
}
