namespace LowRank.Generator.Emission;

/// <summary>Statements of a forward pass, each with the shape of what it computes beside it.</summary>
internal sealed class ShapedLines
{
    private readonly List<(string Code, string? Shape)> lines = [];

    public ShapedLines Add(string code, string? shape = null)
    {
        lines.Add((code, shape));
        return this;
    }

    /// <summary>Writes them, the shapes below each other.</summary>
    public void Write(SourceWriter writer)
    {
        var column = lines.Where(line => line.Shape is not null).Select(line => line.Code.Length).DefaultIfEmpty().Max();
        foreach (var (code, shape) in lines)
            writer.Write(shape is null ? code : $"{code.PadRight(column)} // {shape}");
    }
}
