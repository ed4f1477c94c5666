using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace LowRank.Generator.Analyzers.Tensors;

/// <summary>Which expressions make a tensor or a scalar that nothing holds but the stack.</summary>
internal sealed class Temporaries(TensorTypes types)
{
    /// <summary>The operation that made the temporary, or null where the value is neither or something holds it.</summary>
    public IOperation? In(IOperation? value) =>
        value switch
        {
            IParenthesizedOperation inner => In(inner.Operand),
            IConversionOperation { OperatorMethod: null } conversion => In(conversion.Operand),
            IConditionalAccessInstanceOperation instance => In(Accessed(instance)),
            IConditionalOperation choice => In(choice.WhenTrue) ?? In(choice.WhenFalse),
            ICoalesceOperation choice => In(choice.Value) ?? In(choice.WhenNull),
            ISwitchExpressionOperation choice => choice.Arms.Select(arm => In(arm.Value)).FirstOrDefault(made => made is not null),
            IConditionalAccessOperation access => In(access.WhenNotNull),
            null => null,
            _ when !types.IsTensor(value.Type) && !types.IsScalar(value.Type) => null,
            IInvocationOperation call => In(call),
            // What a tensor's property or indexer yields is made by each read; other types' properties return what they hold.
            IPropertyReferenceOperation read => types.IsNative(read.Property) && types.IsTensor(read.Property.ContainingType) ? read : null,
            IFieldReferenceOperation { Field.ContainingType.IsTupleType: true, Instance: IInvocationOperation } part => part,
            IBinaryOperation or IUnaryOperation or IConversionOperation or IObjectCreationOperation or IAwaitOperation => value,
            _ => null,
        };

    private IOperation? In(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (types.IsNative(method) && TensorMembers.ReturnsItsTensor(method))
            return In(call.Instance ?? call.Arguments.FirstOrDefault()?.Value);
        // What other methods return, something may hold.
        return types.ComputesTensors(method) && !TensorMembers.HandsOutHeld(method) ? call : null;
    }

    private static IOperation? Accessed(IOperation instance)
    {
        for (IOperation? child = instance, parent = instance.Parent; parent is not null; child = parent, parent = parent.Parent)
        {
            if (parent is IConditionalAccessOperation access && access.WhenNotNull == child)
                return access.Operation;
        }

        return null;
    }
}
