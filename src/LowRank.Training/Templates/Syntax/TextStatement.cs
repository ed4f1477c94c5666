namespace LowRank.Training.Templates.Syntax;

/// <summary>Text outside of tags.</summary>
internal sealed class TextStatement(int offset, string text) : Statement(offset)
{
    protected override Flow Do(Rendering rendering)
    {
        rendering.Write(text);
        return Flow.Next;
    }
}
