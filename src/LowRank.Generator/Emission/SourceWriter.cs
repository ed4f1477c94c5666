using System.Text;

namespace LowRank.Generator.Emission;

/// <summary>Writes indented C# with <c>\n</c> line ends.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder text = new();
    private int indentation;

    /// <summary>One or more lines, each at the current indentation.</summary>
    public void Write(string lines)
    {
        foreach (var line in lines.Replace("\r", "").Split('\n'))
        {
            if (line.Length > 0)
                text.Append(' ', 4 * indentation).Append(line);
            text.Append('\n');
        }
    }

    public void Line() => text.Append('\n');

    /// <summary>A head, a brace, and on disposal the closing brace.</summary>
    public Scope Block(string? head = null, string close = "}", string open = "{")
    {
        if (head is not null)
            Write(head);
        Write(open);
        indentation++;
        return new(this, close);
    }

    public Scope Indent()
    {
        indentation++;
        return new(this, null);
    }

    public override string ToString() => text.ToString();

    /// <summary>An open indentation.</summary>
    public readonly struct Scope(SourceWriter writer, string? close) : IDisposable
    {
        public void Dispose()
        {
            writer.indentation--;
            if (close is not null)
                writer.Write(close);
        }
    }
}
