using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace LowRank.CodeFixes.HandWritten;

/// <summary>A TorchSharp layer that hand-written code creates, with those of its arguments that are constants.</summary>
/// <param name="Kind"><c>Linear</c>, <c>Embedding</c>, <c>LayerNorm</c>…</param>
/// <param name="Arguments">In the order of the parameters; null where a value is not constant.</param>
internal sealed record CreatedLayer(string Kind, IReadOnlyList<object?> Arguments)
{
    public long? Size(int index) =>
        index < Arguments.Count
            ? Arguments[index] switch
            {
                int number => number,
                long number => number,
                _ => null,
            }
            : null;

    public bool HasBias => Arguments.Count > 2 && Arguments[2] is true;

    /// <summary>The layers created in a class, in the order of the text.</summary>
    public static IEnumerable<CreatedLayer> In(SyntaxNode type, SemanticModel model, CancellationToken cancellation) =>
        from call in type.DescendantNodes().OfType<InvocationExpressionSyntax>()
        where call.FirstAncestorOrSelf<TypeDeclarationSyntax>() == type
        let operation = model.GetOperation(call, cancellation) as IInvocationOperation
        where operation?.TargetMethod.ContainingType.ToDisplayString() == "TorchSharp.torch.nn"
        select new CreatedLayer(
            operation.TargetMethod.Name,
            [.. operation.Arguments.OrderBy(argument => argument.Parameter?.Ordinal).Select(argument => Constant(argument.Value))]
        );

    // int arguments of long parameters are wrapped in a conversion, which has a constant value itself.
    private static object? Constant(IOperation value) => value.ConstantValue is { HasValue: true, Value: var constant } ? constant : null;
}
