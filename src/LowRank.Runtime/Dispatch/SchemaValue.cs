using System.Text.RegularExpressions;

namespace LowRank.Dispatch;

/// <summary>An argument or a result in the schema of an operator.</summary>
/// <param name="Kind">What it is, or what its items are.</param>
/// <param name="IsList">Whether it is a list.</param>
/// <param name="IsOptional">Whether it may be missing.</param>
internal readonly partial record struct SchemaValue(ValueKind Kind, bool IsList, bool IsOptional)
{
    /// <summary>Reads one, as <c>Tensor(a!)[] self</c> or <c>float? scale=None</c>.</summary>
    /// <exception cref="NotSupportedException">The C interface can't pass it.</exception>
    public static SchemaValue Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
            throw new NotSupportedException($"libtorch's C interface can't pass '{text}'.");
        var kind = match.Groups["kind"].Value switch
        {
            "Tensor" => ValueKind.Tensor,
            "int" or "SymInt" => ValueKind.Integer,
            "float" => ValueKind.Number,
            "bool" => ValueKind.Boolean,
            _ => ValueKind.ElementType,
        };
        return new(kind, match.Groups["list"].Success, match.Groups["optional"].Success);
    }

    // Scalar is left out: version 2.10 refuses it.
    [GeneratedRegex(@"^(?<kind>Tensor|int|SymInt|float|bool|ScalarType)(\([a-z]!?\))?(?<list>\[\d*\])?(?<optional>\?)?( |$)")]
    private static partial Regex Form();
}
