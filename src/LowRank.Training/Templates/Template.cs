using LowRank.Training.Templates.Syntax;

namespace LowRank.Training.Templates;

/// <summary>
/// A Jinja template as published models have it, read and rendered as Hugging Face's library does: Jinja 3.1 in a sandbox, with
/// <c>trim_blocks</c>, <c>lstrip_blocks</c>, <c>break</c> and <c>continue</c>, and the tag <c>generation</c>.
/// </summary>
internal sealed class Template
{
    // The largest published ones have some ten thousand characters.
    private const int MostCharacters = 1 << 20;

    private readonly string name;
    private readonly string source;
    private readonly IReadOnlyList<Statement> statements;

    private Template(string name, string source)
    {
        (this.name, this.source) = (name, source);
        statements = TemplateParser.Read(name, source);
    }

    /// <summary>Reads a template.</summary>
    /// <param name="name">What messages call it, such as its file.</param>
    /// <param name="source">Its text.</param>
    /// <exception cref="TemplateException">
    /// It is no template, or has something that is not supported; line and column are named.
    /// </exception>
    public static Template Parse(string name, string source)
    {
        var text = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (text.Length > MostCharacters)
            throw new TemplateException(
                name,
                text,
                0,
                FormattableString.Invariant($"the template has more than {MostCharacters} characters")
            );
        // One end of a line at the end of the file is no text.
        return new Template(name, text.EndsWith('\n') ? text[..^1] : text);
    }

    /// <summary>Renders it.</summary>
    /// <param name="names">The names that it finds set, with values of this room (<see cref="TemplateValues"/>).</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="TemplateException">
    /// It refuses what it is given, does something that is not supported, or takes too long.
    /// </exception>
    public RenderedText Render(IEnumerable<KeyValuePair<string, object?>> names, CancellationToken stop = default)
    {
        var scope = new Scope(null);
        foreach (var (key, value) in names)
            scope.Set(key, value);
        var rendering = new Rendering(scope, new Budget(stop));
        try
        {
            Statement.RunAll(statements, rendering);
            return new RenderedText(rendering.Text, rendering.Generated);
        }
        catch (TemplateFault fault)
        {
            throw new TemplateException(name, source, rendering.At, fault.Message);
        }
        catch (InsufficientExecutionStackException)
        {
            throw new TemplateException(name, source, rendering.At, "macros call each other, or values hold each other, too deeply");
        }
    }
}
