using System.Text;

namespace LowRank.Dispatch;

/// <summary>What libtorch calls the schema of an operator: its name, its arguments and its results.</summary>
internal sealed class OperatorSchema
{
    private const string Arrow = " -> ";

    private OperatorSchema(string name, string overload, SchemaValue[] arguments, SchemaValue[] results)
    {
        Name = Encoding.UTF8.GetBytes($"aten::{name}\0");
        Overload = Encoding.UTF8.GetBytes($"{overload}\0");
        (Arguments, Results) = (arguments, results);
    }

    /// <summary>The name with the namespace, ending with 0.</summary>
    public byte[] Name { get; }

    /// <summary>The overload, ending with 0.</summary>
    public byte[] Overload { get; }

    /// <summary>The arguments, in order.</summary>
    public SchemaValue[] Arguments { get; }

    /// <summary>The results, in order.</summary>
    public SchemaValue[] Results { get; }

    /// <summary>Reads one.</summary>
    /// <param name="text">As libtorch has it, such as <c>mm(Tensor self, Tensor mat2) -> Tensor</c>.</param>
    /// <exception cref="NotSupportedException">It has a value that the C interface can't pass.</exception>
    public static OperatorSchema Parse(string text)
    {
        var arrow = text.LastIndexOf(Arrow, StringComparison.Ordinal);
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var name = text[..open].Split('.');
        return new(name[0], name.Length > 1 ? name[1] : "", Values(text[open..arrow]), Values(text[(arrow + Arrow.Length)..]));
    }

    private static SchemaValue[] Values(string text)
    {
        // One result stands without parentheses.
        var inner = text.StartsWith('(') ? text[1..^1] : text;
        return [.. inner.Split(", ", StringSplitOptions.RemoveEmptyEntries).Where(value => value != "*").Select(SchemaValue.Parse)];
    }
}
