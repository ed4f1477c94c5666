using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>Rotary position embedding in tensor operations, which autograd differentiates.</summary>
internal static class RotaryFormula
{
    /// <summary>Turns all heads, in the type of the angles.</summary>
    /// <param name="heads"><c>[batch, sequence, heads, headSize]</c>.</param>
    /// <param name="angles">By how much.</param>
    /// <param name="firstPosition">Position of the first token of a sequence.</param>
    /// <param name="sign">1, or −1 to turn back.</param>
    /// <returns>A new tensor of the heads' type.</returns>
    public static Tensor Turn(Tensor heads, in RotaryAngles angles, long firstPosition, int sign)
    {
        var half = angles.Size / 2;
        var rest = heads.shape[3] - angles.Size;
        using var cosines = angles.Cosine.narrow(0, firstPosition, heads.shape[1]);
        using var sines = angles.Sine.narrow(0, firstPosition, heads.shape[1]);
        // [sequence, 1, size/2], broadcast over the heads.
        using var cos = cosines.unsqueeze(1);
        using var sin = sines.unsqueeze(1);
        using var exact = heads.dtype == cos.dtype ? heads.alias() : heads.to(cos.dtype);
        using var first = exact.narrow(3, 0, half);
        using var second = exact.narrow(3, half, half);
        using var turnedFirst = first.mul(cos).AddProductInPlace(second, sin, -sign);
        using var turnedSecond = second.mul(cos).AddProductInPlace(first, sin, sign);
        using var unturned = rest == 0 ? null : exact.narrow(3, angles.Size, rest);
        var turned = cat(unturned is null ? [turnedFirst, turnedSecond] : [turnedFirst, turnedSecond, unturned], 3);
        if (turned.dtype == heads.dtype)
            return turned;
        using (turned)
            return turned.to(heads.dtype);
    }
}
