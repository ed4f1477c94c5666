using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Analyzers.Tensors;

/// <summary>What is known of single members of TorchSharp by their names.</summary>
internal static class TensorMembers
{
    /// <summary>
    /// Whether the method returns the tensor that it is called on. That keeps it alive until the method is done, and the result is no new
    /// tensor.
    /// </summary>
    public static bool ReturnsItsTensor(IMethodSymbol method) =>
        method.Name
            is "MoveToOuterDisposeScope"
                or "MoveToOtherDisposeScope"
                or "DetachFromDisposeScope"
                or "DetatchFromDisposeScope"
                or "with_requires_grad"
        || IsInPlace(method.Name);

    /// <summary>Whether the member reads nothing native, or takes the tensor over.</summary>
    public static bool IsHarmless(ISymbol member) =>
        member.Name
            is "Dispose"
                or "IsInvalid"
                or "name"
                or "Equals"
                or "GetHashCode"
                or "GetType"
                or "MoveToOuter"
                or "MoveToOther"
                or "Attach"
                or "Detach"
                or "AsParameter"
                or "DecoupleFromNativeHandle"
                or "register_buffer"
                or "register_parameter";

    /// <summary>Whether the method hands out a tensor that something else holds.</summary>
    public static bool HandsOutHeld(IMethodSymbol method) => method.Name is "get_parameter" or "get_buffer";

    private static bool IsInPlace(string name) => name.Length > 1 && name[name.Length - 1] == '_' && name[name.Length - 2] != '_';
}
