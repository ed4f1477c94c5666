namespace LowRank.Generator.Model;

/// <summary>How queries and keys are rotated by their positions. Attentions with equal ones share a table of angles.</summary>
/// <param name="Size">Leading elements of a head that are rotated.</param>
/// <param name="Base">Base of the frequencies.</param>
/// <param name="Scaling">How the frequencies are scaled, or null.</param>
internal sealed record RotationModel(int Size, double Base, RotaryScalingOptions? Scaling = null)
{
    /// <summary>Whether there is something to rotate, in pairs.</summary>
    public bool IsEven => Size > 0 && Size % 2 == 0;
}
