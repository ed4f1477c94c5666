using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Analyzers.Tensors;

/// <summary>
/// TorchSharp's members that make a <c>Scalar</c> of their own and let it go while native code reads it: <c>a.add(b)</c> is
/// <c>a.add(b, 1)</c>. Modules, distributions, printing and TorchScript aside.
/// </summary>
internal static class OwnScalars
{
    // What the member makes, and the parameter of the overload that is given all its scalars, where there is one.
    private static readonly Dictionary<string, (string Made, string? Given)> Members = new(StringComparer.Ordinal)
    {
        ["add"] = ("alpha = 1", "alpha"),
        ["add_"] = ("alpha = 1", "alpha"),
        ["addcdiv"] = ("value = 1", "value"),
        ["addcdiv_"] = ("value = 1", "value"),
        ["arange"] = ("step = 1", "step"),
        ["celu"] = ("alpha", "alpha"),
        ["celu_"] = ("alpha", "alpha"),
        ["elu"] = ("alpha", "alpha"),
        ["elu_"] = ("alpha", "alpha"),
        ["hardshrink"] = ("lambda", null),
        ["Hardshrink"] = ("lambda", null),
        ["hardtanh"] = ("min", "min"),
        ["Hardtanh"] = ("min", null),
        ["leaky_relu"] = ("negative_slope", "negative_slope"),
        ["matrix_norm"] = ("ord", null),
        ["mish"] = ("beta = 1", null),
        ["Mish"] = ("beta = 1", null),
        ["normal"] = ("std", null),
        ["softplus"] = ("beta", null),
        ["softshrink"] = ("lambda", null),
        ["Softshrink"] = ("lambda", null),
        ["softsign"] = ("1", null),
        ["Softsign"] = ("1", null),
        ["square"] = ("exponent = 2", null),
        ["threshold"] = ("threshold", "threshold"),
        ["Threshold"] = ("threshold", null),
        ["tolist"] = ("value", null),
        ["vector_norm"] = ("ord", null),
        ["op_Addition"] = ("alpha = 1", null),
        ["op_Explicit"] = ("value", null),
    };

    /// <summary>The scalar that a member of TorchSharp makes for itself, in words, or null where it makes none.</summary>
    public static string? Of(IMethodSymbol method)
    {
        if (method.ContainingType.Name == "TensorExtensionMethods")
            return
                method.Name.StartsWith("To", StringComparison.Ordinal)
                && method.Parameters.Length == 1
                && method.Parameters[0].Type.Name == "Tensor"
                ? "value"
                : null;
        // The scalar minus a tensor is the negated tensor plus the scalar.
        if (method.Name == "op_Subtraction" && method.Parameters[0].Type.Name == "Scalar")
            return "alpha = 1";
        return Members.TryGetValue(method.Name, out var member) && !method.Parameters.Any(parameter => IsGiven(parameter, member.Given))
            ? member.Made
            : null;
    }

    // The order of a norm may be a word.
    private static bool IsGiven(IParameterSymbol parameter, string? given) =>
        (parameter.Type.Name == "Scalar" && parameter.Name == given)
        || (parameter.Type.SpecialType == SpecialType.System_String && parameter.Name == "ord");
}
