using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace LowRank.Generator.Analyzers.Tensors;

/// <summary>Whether a scope that is open around an operation holds the tensors made there.</summary>
internal sealed class Scopes(TensorTypes types)
{
    public bool Hold(IOperation operation)
    {
        for (var child = operation; child.Parent is { } parent; child = parent)
        {
            switch (parent)
            {
                // A function that is kept runs when the scope may be closed; one for another thread runs where it isn't open.
                case IAnonymousFunctionOperation function when !RunsMeanwhile(function):
                    return false;
                case IUsingOperation opened when opened.Body == child && Opens(opened.Resources):
                case IBlockOperation block when block.Operations.TakeWhile(statement => statement != child).Any(OpensForTheRest):
                    return true;
            }
        }

        return false;
    }

    private static bool RunsMeanwhile(IAnonymousFunctionOperation function) =>
        function.Parent is IDelegateCreationOperation { Parent: IArgumentOperation { Parent: IInvocationOperation call } }
        && !call.TargetMethod.ContainingNamespace.ToDisplayString().StartsWith("System.Threading", StringComparison.Ordinal);

    private bool OpensForTheRest(IOperation statement) =>
        statement is IUsingDeclarationOperation declaration && Opens(declaration.DeclarationGroup);

    private bool Opens(IOperation resources) =>
        resources is IVariableDeclarationGroupOperation group
            ? group.Declarations.SelectMany(declaration => declaration.Declarators).Any(declarator => types.IsScope(declarator.Symbol.Type))
            : types.IsScope(resources.Type);
}
