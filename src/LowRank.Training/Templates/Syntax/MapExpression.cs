using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates.Syntax;

/// <summary>A dictionary of expressions.</summary>
internal sealed class MapExpression(int offset, IReadOnlyList<(Expression Key, Expression Value)> entries) : Expression(offset)
{
    protected override object? Compute(Rendering rendering)
    {
        var map = new TemplateMap();
        foreach (var (key, value) in entries)
        {
            var name = Part(key, rendering);
            map.Set(name, Part(value, rendering));
        }

        return map;
    }
}
