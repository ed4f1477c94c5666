using static TorchSharp.torch;

namespace LowRank.Training.SafeTensors;

/// <summary>The format's types: how many bits each takes, and which ones tensors are read and written in.</summary>
internal static class SafeTensorsTypes
{
    private static readonly Dictionary<string, int> BitsOf = new(StringComparer.Ordinal)
    {
        ["BOOL"] = 8,
        ["F4"] = 4,
        ["F6_E2M3"] = 6,
        ["F6_E3M2"] = 6,
        ["U8"] = 8,
        ["I8"] = 8,
        ["F8_E5M2"] = 8,
        ["F8_E4M3"] = 8,
        ["F8_E8M0"] = 8,
        ["I16"] = 16,
        ["U16"] = 16,
        ["F16"] = 16,
        ["BF16"] = 16,
        ["I32"] = 32,
        ["U32"] = 32,
        ["F32"] = 32,
        ["C64"] = 64,
        ["F64"] = 64,
        ["I64"] = 64,
        ["U64"] = 64,
    };

    /// <summary>The names of the format's types.</summary>
    public static IReadOnlyCollection<string> Names => BitsOf.Keys;

    /// <summary>How many bits an element takes; null where the format has no such type.</summary>
    public static int? Bits(string name) => BitsOf.TryGetValue(name, out var bits) ? bits : null;

    /// <summary>The type to read it in; null where it isn't read.</summary>
    public static ScalarType? Read(string name) =>
        name switch
        {
            "F64" => ScalarType.Float64,
            "F32" => ScalarType.Float32,
            "F16" => ScalarType.Float16,
            "BF16" => ScalarType.BFloat16,
            "I64" => ScalarType.Int64,
            "I32" => ScalarType.Int32,
            _ => null,
        };

    /// <summary>The name of a type that is written.</summary>
    /// <exception cref="NotSupportedException">It is not written.</exception>
    public static string Name(ScalarType type) =>
        type switch
        {
            ScalarType.Float64 => "F64",
            ScalarType.Float32 => "F32",
            ScalarType.Float16 => "F16",
            ScalarType.BFloat16 => "BF16",
            ScalarType.Int64 => "I64",
            ScalarType.Int32 => "I32",
            _ => throw new NotSupportedException($"Tensors of type {type} are not written to safetensors files."),
        };
}
