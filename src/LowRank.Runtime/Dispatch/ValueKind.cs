namespace LowRank.Dispatch;

/// <summary>What can be passed to an operator, and taken from it.</summary>
internal enum ValueKind
{
    /// <summary>A tensor.</summary>
    Tensor,

    /// <summary>A 64-bit integer.</summary>
    Integer,

    /// <summary>A 64-bit floating-point number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>The type of a tensor's elements.</summary>
    ElementType,
}
