using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace LowRank.Generator.Analyzers.Tensors;

/// <summary>What a message calls an operation.</summary>
internal static class MemberNames
{
    public static string Of(IOperation operation) =>
        operation switch
        {
            IInvocationOperation call => $"'{call.TargetMethod.Name}'",
            IPropertyReferenceOperation { Property.IsIndexer: true } => "an indexer",
            IPropertyReferenceOperation read => $"'{read.Property.Name}'",
            ISimpleAssignmentOperation { Target: IPropertyReferenceOperation target } => Of(target),
            IFieldReferenceOperation read => $"'{read.Field.Name}'",
            IObjectCreationOperation creation => $"'new {creation.Type?.Name}'",
            IBinaryOperation or IUnaryOperation or ICompoundAssignmentOperation => "an operator",
            IConversionOperation => "a conversion",
            _ => "an expression",
        };
}
