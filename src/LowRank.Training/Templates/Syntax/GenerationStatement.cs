namespace LowRank.Training.Templates.Syntax;

/// <summary><c>generation</c>: what a model is to learn to generate, as Hugging Face's library marks it.</summary>
internal sealed class GenerationStatement(int offset, IReadOnlyList<Statement> body) : Statement(offset)
{
    protected override Flow Do(Rendering rendering)
    {
        rendering.Generate(() => rendering.Within(new Scope(rendering.Names), () => RunAll(body, rendering)));
        return Flow.Next;
    }
}
