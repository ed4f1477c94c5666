using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Analyzers.Tensors;

/// <summary>The types of TorchSharp that a compilation knows.</summary>
internal sealed class TensorTypes
{
    private readonly INamedTypeSymbol tensor;
    private readonly INamedTypeSymbol? scalar;
    private readonly INamedTypeSymbol? module;
    private readonly INamedTypeSymbol? scope;

    private TensorTypes(INamedTypeSymbol tensor, Compilation compilation)
    {
        this.tensor = tensor;
        scalar = compilation.GetTypeByMetadataName("TorchSharp.Scalar");
        module = compilation.GetTypeByMetadataName("TorchSharp.torch+nn+Module");
        scope = compilation.GetTypeByMetadataName("TorchSharp.DisposeScope");
    }

    /// <summary>The types, if the compilation refers to TorchSharp.</summary>
    public static TensorTypes? In(Compilation compilation) =>
        compilation.GetTypeByMetadataName("TorchSharp.torch+Tensor") is { } tensor ? new(tensor, compilation) : null;

    /// <summary>Whether the type is a tensor, or derived from one as parameters are.</summary>
    public bool IsTensor(ITypeSymbol? type) => Derives(type, tensor);

    /// <summary>
    /// Whether the type is what a number becomes on its way into libtorch: an object with a native handle, as a tensor is, that no scope
    /// holds.
    /// </summary>
    public bool IsScalar(ITypeSymbol? type) => scalar is not null && SymbolEqualityComparer.Default.Equals(type, scalar);

    /// <summary>Whether the type is the scope that holds the tensors made within it.</summary>
    public bool IsScope(ITypeSymbol? type) => scope is not null && SymbolEqualityComparer.Default.Equals(type, scope);

    /// <summary>Whether the member is TorchSharp's own: it reads the native handle and lets the object go.</summary>
    public bool IsNative(ISymbol member) => SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, tensor.ContainingAssembly);

    /// <summary>
    /// Whether the method is TorchSharp's own or a module's pass: what it returns is new, and what it is given it lets go.
    /// </summary>
    public bool ComputesTensors(IMethodSymbol method) =>
        IsNative(method) || method.Name is "forward" or "call" && module is not null && Derives(method.ContainingType, module);

    private static bool Derives(ITypeSymbol? type, INamedTypeSymbol from)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type, from))
                return true;
        }

        return false;
    }
}
