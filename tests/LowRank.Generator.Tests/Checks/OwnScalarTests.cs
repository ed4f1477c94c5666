using LowRank.Compiled;
using LowRank.Generator.Analyzers.Tensors;
using LowRank.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Mono.Cecil.Rocks;

namespace LowRank.Generator.Tests.Checks;

/// <summary>What the rule knows of TorchSharp is what its compiled code does, in the version that is referenced.</summary>
public sealed class OwnScalarTests
{
    private static readonly string[] Types =
    [
        "TorchSharp.torch",
        "TorchSharp.torch+Tensor",
        "TorchSharp.torch+linalg",
        "TorchSharp.torch+nn+functional",
        "TorchSharp.TensorExtensionMethods",
    ];

    // They print, or plot.
    private static readonly string[] Passed = ["ToString", "str", "cstr", "jlstr", "npstr", "metastr", "print", "histogram"];

    [Fact]
    public void All_members_that_make_a_scalar_are_known_and_no_others()
    {
        var compilation = TestCompilation.Of();
        var makers = ScalarMakers
            .InTorchSharp()
            .Where(method => method.IsPublic && !ScalarMakers.Returns(method))
            .Select(DocCommentId.GetDocCommentId)
            .ToHashSet(StringComparer.Ordinal);
        Assert.Contains("M:TorchSharp.torch.Tensor.add(TorchSharp.torch.Tensor)", makers);
        var methods = Types
            .SelectMany(type => compilation.GetTypeByMetadataName(type)!.GetMembers())
            .OfType<IMethodSymbol>()
            .Where(method =>
                method.DeclaredAccessibility == Accessibility.Public && !Passed.Contains(method.Name) && !TakesANumber(method)
            );
        var (does, knows) = (new List<string>(), new List<string>());
        foreach (var method in methods)
        {
            var id = method.GetDocumentationCommentId()!;
            if (makers.Contains(id))
                does.Add(id);
            if (OwnScalars.Of(method) is not null)
                knows.Add(id);
        }

        Assert.Equal(does, knows);
    }

    // Numbers of operators are reported by themselves.
    private static bool TakesANumber(IMethodSymbol method) =>
        method.MethodKind == MethodKind.UserDefinedOperator
        && method.Parameters.Any(parameter => parameter.Type.SpecialType != SpecialType.None);
}
