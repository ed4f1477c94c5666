using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.CodeFixes.HandWritten;

/// <summary>A module written by hand: the layers it creates itself, and those of the blocks that it creates in a loop.</summary>
/// <param name="Own">Layers of the model.</param>
/// <param name="OfBlock">Layers of one block, those of the classes that it creates included.</param>
/// <param name="Depth">Number of blocks.</param>
/// <param name="Types">All classes that were looked at.</param>
internal sealed record HandWrittenModule(
    IReadOnlyList<CreatedLayer> Own,
    IReadOnlyList<CreatedLayer> OfBlock,
    long Depth,
    IReadOnlyList<ClassDeclarationSyntax> Types
)
{
    public static HandWrittenModule? Read(ClassDeclarationSyntax type, SemanticModel model, CancellationToken cancellation)
    {
        var repeated = Created(type, model, cancellation)
            .Select(created => (created.Type, Count: Repeats(created.Node, model, cancellation)))
            .Where(created => created.Count is not null)
            .ToList();
        if (repeated is not [(var block, { } depth)])
            return null;
        var types = new List<ClassDeclarationSyntax> { block };
        for (var i = 0; i < types.Count; i++)
            types.AddRange(Created(types[i], model, cancellation).Select(created => created.Type).Except(types).ToList());
        // The block must not create the model.
        return types.Contains(type)
            ? null
            : new(
                [.. CreatedLayer.In(type, model, cancellation)],
                [.. types.SelectMany(part => CreatedLayer.In(part, model, cancellation))],
                depth,
                [type, .. types]
            );
    }

    public static bool IsModule(ITypeSymbol? type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current is { Name: "Module", ContainingType.Name: "nn" })
                return true;
        }

        return false;
    }

    /// <summary>The value of the one integer constant of the classes that a name fits, or null where there are none or several.</summary>
    public long? Constant(SemanticModel model, Func<string, bool> fits, CancellationToken cancellation)
    {
        var values =
            from type in Types
            from variable in type.DescendantNodes().OfType<VariableDeclaratorSyntax>()
            where fits(variable.Identifier.ValueText) && IsConstant(variable)
            select model.GetConstantValue(variable.Initializer!.Value, cancellation).Value;
        return values.Distinct().ToList() is [var value]
            ? value switch
            {
                int number => number,
                long number => number,
                _ => null,
            }
            : null;
    }

    private static bool IsConstant(VariableDeclaratorSyntax variable) =>
        variable.Parent?.Parent is FieldDeclarationSyntax field && field.Modifiers.Any(SyntaxKind.ConstKeyword);

    private static IEnumerable<(ClassDeclarationSyntax Type, SyntaxNode Node)> Created(
        ClassDeclarationSyntax type,
        SemanticModel model,
        CancellationToken cancellation
    )
    {
        foreach (var creation in type.DescendantNodes().OfType<BaseObjectCreationExpressionSyntax>())
        {
            if (
                creation.FirstAncestorOrSelf<ClassDeclarationSyntax>() == type
                && model.GetTypeInfo(creation, cancellation).Type is { } created
                && IsModule(created)
                && created.DeclaringSyntaxReferences is [var reference]
                && reference.SyntaxTree == type.SyntaxTree
                && reference.GetSyntax(cancellation) is ClassDeclarationSyntax syntax
            )
            {
                yield return (syntax, creation);
            }
        }
    }

    // for (var i = 0; i < 12; i++), or Enumerable.Range(0, 12) in the same expression.
    private static long? Repeats(SyntaxNode node, SemanticModel model, CancellationToken cancellation)
    {
        if (
            node.FirstAncestorOrSelf<ForStatementSyntax>() is
            { Condition: BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LessThanExpression } condition } loop
        )
            return loop.Declaration?.Variables is [{ Initializer.Value: var start }] && Number(start) == 0 ? Number(condition.Right) : null;
        var range = node.Ancestors()
            .TakeWhile(ancestor => ancestor is not StatementSyntax and not MemberDeclarationSyntax)
            .OfType<InvocationExpressionSyntax>()
            .SelectMany(call => call.DescendantNodes().OfType<InvocationExpressionSyntax>())
            .FirstOrDefault(call =>
                call is { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Range" }, ArgumentList.Arguments.Count: 2 }
            );
        return range is null ? null : Number(range.ArgumentList.Arguments[1].Expression);

        long? Number(SyntaxNode expression) => model.GetConstantValue(expression, cancellation).Value is int number ? number : null;
    }
}
