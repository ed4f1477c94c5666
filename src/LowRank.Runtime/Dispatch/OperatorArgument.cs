using static TorchSharp.torch;

namespace LowRank.Dispatch;

/// <summary>An argument of an operator.</summary>
internal readonly struct OperatorArgument
{
    private readonly object? held;
    private readonly ulong bits;
    private readonly SchemaValue value;

    private OperatorArgument(SchemaValue value, object? held, ulong bits = 0) => (this.value, this.held, this.bits) = (value, held, bits);

    /// <summary>Nothing: an optional argument that is left out, or a tensor that the operator demands and doesn't read.</summary>
    public static OperatorArgument None => default;

    /// <summary>A tensor; it stays the caller's.</summary>
    public static implicit operator OperatorArgument(Tensor? tensor) =>
        tensor is null ? None : new(new(ValueKind.Tensor, false, false), tensor);

    /// <summary>Tensors; they stay the caller's.</summary>
    public static implicit operator OperatorArgument(Tensor[] tensors) => new(new(ValueKind.Tensor, true, false), tensors);

    /// <summary>Flags.</summary>
    public static implicit operator OperatorArgument(bool[] values) => new(new(ValueKind.Boolean, true, false), values);

    /// <summary>An integer.</summary>
    public static implicit operator OperatorArgument(long value) => new(new(ValueKind.Integer, false, false), null, (ulong)value);

    /// <summary>A number.</summary>
    public static implicit operator OperatorArgument(double value) =>
        new(new(ValueKind.Number, false, false), null, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>An integer, or nothing.</summary>
    public static implicit operator OperatorArgument(long? value) => value is { } integer ? integer : None;

    /// <summary>A number, or nothing.</summary>
    public static implicit operator OperatorArgument(double? value) => value is { } number ? number : None;

    /// <summary>True or false.</summary>
    public static implicit operator OperatorArgument(bool value) => new(new(ValueKind.Boolean, false, false), null, value ? 1ul : 0);

    /// <summary>The type of elements.</summary>
    public static implicit operator OperatorArgument(ScalarType type) => new(new(ValueKind.ElementType, false, false), null, (ulong)type);

    private bool IsNone => held is null && value == default;

    /// <summary>Puts the argument into the form in which an operator takes it over.</summary>
    /// <param name="place">What the operator expects there.</param>
    /// <param name="library">Allocates it.</param>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public ulong GiveAway(SchemaValue place, TorchInterface library)
    {
        if (IsNone)
        {
            if (place.IsOptional)
                return 0;
            if (place is { Kind: ValueKind.Tensor, IsList: false })
                return library.Undefined();
        }

        if (IsNone || value.Kind != place.Kind || value.IsList != place.IsList)
            throw new ArgumentException($"The operator expects {place} and is given {(IsNone ? "nothing" : value.ToString())}.");
        var given = held switch
        {
            Tensor tensor => Copy(tensor, library),
            Tensor[] tensors => List(tensors, value, Copy, library),
            bool[] flags => List(flags, value, (flag, _) => flag ? 1ul : 0, library),
            _ => bits,
        };
        return place.IsOptional ? library.Box(given) : given;
    }

    private static ulong Copy(Tensor tensor, TorchInterface library)
    {
        var copy = library.CopyOf(tensor.Handle);
        GC.KeepAlive(tensor);
        return copy;
    }

    private static ulong List<T>(T[] items, SchemaValue place, Func<T, TorchInterface, ulong> give, TorchInterface library)
    {
        var list = library.NewList(items.Length);
        try
        {
            foreach (var item in items)
                library.Append(list, give(item, library));
            return list;
        }
        catch
        {
            TorchOperator.Free(place, list, library);
            throw;
        }
    }
}
