namespace LowRank.Training.Templates.Syntax;

/// <summary>What a template does: text, a value or a tag with all that belongs to it.</summary>
/// <param name="offset">Where in the template's text it is.</param>
internal abstract class Statement(int offset)
{
    public int Offset => offset;

    /// <summary>Does it.</summary>
    public Flow Run(Rendering rendering)
    {
        rendering.Step(offset);
        return Do(rendering);
    }

    protected abstract Flow Do(Rendering rendering);

    /// <summary>Does one after the other, until one leaves the loop.</summary>
    public static Flow RunAll(IReadOnlyList<Statement> statements, Rendering rendering)
    {
        foreach (var statement in statements)
        {
            if (statement.Run(rendering) is not Flow.Next and var flow)
                return flow;
        }

        return Flow.Next;
    }
}
