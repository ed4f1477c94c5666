using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace LowRank.Generator.Analyzers.Tensors;

/// <summary>The values whose native handle an operation reads, after which it may let the object go.</summary>
internal sealed class HandleReads(TensorTypes types)
{
    public IEnumerable<IOperation> Of(IOperation operation) =>
        operation switch
        {
            IInvocationOperation call => Of(call),
            IPropertyReferenceOperation read => Of(read),
            IBinaryOperation { OperatorMethod: not null } binary => [binary.LeftOperand, binary.RightOperand],
            IUnaryOperation { OperatorMethod: not null } unary => [unary.Operand],
            IConversionOperation { OperatorMethod: not null } conversion => [conversion.Operand],
            ICompoundAssignmentOperation { OperatorMethod: not null } compound => [compound.Value],
            ISimpleAssignmentOperation { Target: IPropertyReferenceOperation target } assignment when IsTensors(target.Property) =>
            [
                assignment.Value,
            ],
            _ => [],
        };

    /// <summary>The numbers that one of TorchSharp's operators takes as they are.</summary>
    public IEnumerable<IOperation> NumbersOf(IOperation operation)
    {
        var (method, operands) = operation switch
        {
            IBinaryOperation binary => (binary.OperatorMethod, new[] { binary.LeftOperand, binary.RightOperand }),
            ICompoundAssignmentOperation compound => (compound.OperatorMethod, [compound.Target, compound.Value]),
            _ => (null, []),
        };
        return method is not null && types.IsNative(method)
            ? operands.Where((_, index) => method.Parameters[index].Type is var type && !types.IsTensor(type) && !types.IsScalar(type))
            : [];
    }

    /// <summary>
    /// The scalar that one of TorchSharp's members makes where it is given none, in words. Numbers of operators are
    /// <see cref="NumbersOf"/>.
    /// </summary>
    public string? OwnScalarOf(IOperation operation)
    {
        var method = operation switch
        {
            IInvocationOperation call => call.TargetMethod,
            _ when NumbersOf(operation).Any() => null,
            IBinaryOperation binary => binary.OperatorMethod,
            ICompoundAssignmentOperation compound => compound.OperatorMethod,
            IConversionOperation conversion => conversion.OperatorMethod,
            _ => null,
        };
        return method is not null && types.IsNative(method) ? OwnScalars.Of(method) : null;
    }

    private IEnumerable<IOperation> Of(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (!types.ComputesTensors(method) || TensorMembers.IsHarmless(method))
            yield break;
        var returnsItsTensor = types.IsNative(method) && TensorMembers.ReturnsItsTensor(method);
        if (call.Instance is { } instance && types.IsTensor(instance.Type) && !returnsItsTensor)
            yield return instance;
        foreach (var argument in call.Arguments.Skip(call.Instance is null && returnsItsTensor ? 1 : 0))
        {
            foreach (var value in Elements(argument.Value))
                yield return value;
        }
    }

    private IEnumerable<IOperation> Of(IPropertyReferenceOperation read)
    {
        if (!IsTensors(read.Property) || TensorMembers.IsHarmless(read.Property))
            return [];
        return read.Arguments.Select(argument => argument.Value).Prepend(read.Instance!);
    }

    private bool IsTensors(IPropertySymbol property) =>
        types.IsNative(property) && types.IsTensor(property.ContainingType) && !property.IsStatic;

    // Several tensors in one argument: their handles are read first, then the array is let go too.
    private static IEnumerable<IOperation> Elements(IOperation value) =>
        value switch
        {
            IConversionOperation { OperatorMethod: null } conversion => Elements(conversion.Operand),
            IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
            ICollectionExpressionOperation collection => collection.Elements,
            _ => [value],
        };
}
