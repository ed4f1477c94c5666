namespace LowRank.Training.Templates.Syntax;

/// <summary>A name.</summary>
internal sealed class NameExpression(int offset, string name) : Expression(offset)
{
    public string Name => name;

    protected override object? Compute(Rendering rendering) => rendering.Find(name);
}
