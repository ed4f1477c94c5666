namespace LowRank.Training.Templates.Syntax;

/// <summary>A value that is written as it is.</summary>
internal sealed class Constant(int offset, object? value) : Expression(offset)
{
    protected override object? Compute(Rendering rendering) => value;
}
