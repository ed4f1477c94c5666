using System.Text;

namespace LowRank.Dispatch;

/// <summary>
/// An operator of libtorch that TorchSharp doesn't bind, called by its name. The dispatcher looks at devices and types as ever; autograd
/// records nothing. A call takes two to four microseconds, about what TorchSharp's own take.
/// </summary>
internal sealed class TorchOperator
{
    // More than any schema has: a version that has added arguments finds zeros there, which mean nothing, false and 0.
    private const int StackSize = 32;

    private readonly TorchInterface? library;

    /// <summary>States which.</summary>
    /// <param name="schema">Its schema, exactly as libtorch has it.</param>
    /// <param name="library">The interface; null for that of the loaded library.</param>
    /// <exception cref="NotSupportedException">It has a value that the C interface can't pass.</exception>
    public TorchOperator(string schema, TorchInterface? library = null)
    {
        (Text, this.library) = (schema, library);
        Schema = OperatorSchema.Parse(schema);
    }

    /// <summary>The schema as it was given.</summary>
    public string Text { get; }

    /// <summary>The schema.</summary>
    public OperatorSchema Schema { get; }

    /// <summary>
    /// Whether the loaded library has the interface. It may still lack the operator, or the operator's code for a device.
    /// </summary>
    public bool CanBeCalled => Library.Missing is null;

    private TorchInterface Library => library ?? TorchInterface.Loaded;

    /// <summary>Calls the operator.</summary>
    /// <param name="arguments">All arguments of the schema, in its order.</param>
    /// <returns>Its results, to be disposed.</returns>
    /// <exception cref="ArgumentException">The arguments are not those of the schema.</exception>
    /// <exception cref="TorchOperatorException">
    /// The interface is missing, or the operator has failed. Where the library doesn't know the operator at all, the copies of the handles
    /// that were meant for it are lost, so a caller should ask but once.
    /// </exception>
    public OperatorResults Call(params ReadOnlySpan<OperatorArgument> arguments)
    {
        if (Library.Missing is { } missing)
            throw new TorchOperatorException(missing);
        if (arguments.Length != Schema.Arguments.Length)
            throw new ArgumentException($"{this} has {Schema.Arguments.Length} arguments and is given {arguments.Length}.");
        Span<ulong> stack = stackalloc ulong[StackSize];
        stack.Clear();
        var count = 0;
        try
        {
            for (; count < arguments.Length; count++)
                stack[count] = arguments[count].GiveAway(Schema.Arguments[count], Library);
        }
        catch
        {
            while (--count >= 0)
                Free(Schema.Arguments[count], stack[count], Library);
            throw;
        }

        if (Library.Call(Schema.Name, Schema.Overload, stack) is { } reason)
            throw new TorchOperatorException($"{this} failed: {reason}.");
        return new(Library, Schema.Results, stack);
    }

    /// <summary>The operator's name.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Schema.Name.AsSpan()[..^1]);

    /// <summary>Frees a value that no operator has taken over.</summary>
    internal static void Free(SchemaValue schema, ulong value, TorchInterface library)
    {
        if (schema.IsOptional)
        {
            if (value != 0)
                Free(schema with { IsOptional = false }, library.Unbox(value), library);
            return;
        }

        if (schema.IsList)
        {
            if (schema.Kind == ValueKind.Tensor)
            {
                foreach (var item in library.Items(value))
                    library.DeleteTensor(item);
            }

            library.DeleteList(value);
        }
        else if (schema.Kind == ValueKind.Tensor)
            library.DeleteTensor(value);
    }
}
