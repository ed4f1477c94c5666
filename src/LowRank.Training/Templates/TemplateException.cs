using System.Globalization;
using LowRank.Training.Json;

namespace LowRank.Training.Templates;

/// <summary>A template can't be read, or not rendered. Template, line and column are named.</summary>
internal sealed class TemplateException : InputException
{
    /// <summary>Says it.</summary>
    /// <param name="template">What messages call the template, such as its file.</param>
    /// <param name="source">Its text.</param>
    /// <param name="offset">Where in it.</param>
    /// <param name="what">What is wrong, without a full stop.</param>
    public TemplateException(string template, string source, int offset, string what)
        : base($"{template}: {Place(source, offset)}: {ShownText.Of(what, most: 400)}.") { }

    private static string Place(string source, int offset)
    {
        var before = source.AsSpan(0, Math.Clamp(offset, 0, source.Length));
        var line = before.Count('\n') + 1;
        var column = before.Length - (before.LastIndexOf('\n') + 1) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"line {line}, column {column}");
    }
}
