using static TorchSharp.torch;

namespace LowRank.Dispatch;

/// <summary>What an operator has returned. Those that nobody takes are freed with it.</summary>
internal sealed class OperatorResults : IDisposable
{
    private readonly TorchInterface library;
    private readonly SchemaValue[] schema;
    private readonly ulong[] values;
    private readonly bool[] taken;

    /// <summary>Takes the results over.</summary>
    /// <param name="library">Frees them.</param>
    /// <param name="schema">What they are.</param>
    /// <param name="values">The results.</param>
    public OperatorResults(TorchInterface library, SchemaValue[] schema, ReadOnlySpan<ulong> values)
    {
        (this.library, this.schema) = (library, schema);
        this.values = values[..schema.Length].ToArray();
        taken = new bool[schema.Length];
    }

    /// <summary>A tensor, which is the caller's from now on; an undefined one can be passed on and disposed, nothing else.</summary>
    /// <param name="index">Which result.</param>
    /// <exception cref="InvalidOperationException">It is no tensor, or was taken before.</exception>
    public Tensor Tensor(int index)
    {
        if (schema[index] is not { Kind: ValueKind.Tensor, IsList: false, IsOptional: false } || taken[index])
            throw new InvalidOperationException($"Result {index} is no tensor, or was taken before.");
        taken[index] = true;
        return TorchSharp.torch.Tensor.UnsafeCreateTensor((nint)values[index]);
    }

    /// <summary>An integer.</summary>
    /// <param name="index">Which result.</param>
    public long Integer(int index) =>
        schema[index] is { Kind: ValueKind.Integer, IsList: false, IsOptional: false }
            ? (long)values[index]
            : throw new InvalidOperationException($"Result {index} is no integer.");

    /// <inheritdoc/>
    public void Dispose()
    {
        for (var index = 0; index < values.Length; index++)
        {
            if (!taken[index])
                TorchOperator.Free(schema[index], values[index], library);
            taken[index] = true;
        }
    }
}
