using LowRank.Training.Templates.Filters;

namespace LowRank.Training.Templates.Syntax;

/// <summary><c>value is test</c>.</summary>
internal sealed class TestExpression(int offset, Expression value, string name, CallArguments arguments) : Expression(offset)
{
    protected override object? Compute(Rendering rendering)
    {
        var given = arguments.Evaluate(rendering, Part(value, rendering), hasFirst: true);
        rendering.At = Offset;
        return TestTable.Find(name)!(given);
    }
}
