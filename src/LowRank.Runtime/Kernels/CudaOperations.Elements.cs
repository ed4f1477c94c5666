using LowRank.Cuda;
using static TorchSharp.torch;

namespace LowRank.Kernels;

// Operations on elements or pairs of them.
internal sealed unsafe partial class CudaOperations
{
    /// <inheritdoc/>
    public override void Rotate(Tensor heads, in RotaryAngles angles, long firstPosition, long count, int sign)
    {
        var (cosine, sine) = angles;
        var (half, headSize) = (angles.Size / 2, heads.shape[3]);
        if (heads.NumberOfElements == 0 || count == 0 || half == 0)
            return;
        var pack = Narrowed(PackOf([heads], half, headSize), [cosine, sine]);
        var threads = heads.shape[0] * heads.shape[1] * Pieces(count, Math.Min(count, 4)) * (half / pack);
        var isTaken = IsDense(heads) && IsFloat(cosine) && IsFloat(sine) && threads < MostPieces;
        var constants = $"TYPE={NameOf(heads.dtype)} PACK={pack} HEAD={headSize} HALF={half} HEADS={heads.shape[2]} TURNED={count}";
        var isLaunched =
            isTaken
            && launcher.Launch(
                new KernelVariant("Rotary", "rotate", constants),
                GridOf(threads, 1),
                At(heads),
                At(cosine),
                At(sine),
                heads.shape[1],
                firstPosition,
                (float)sign,
                threads
            );
        KeepAlive(heads, cosine, sine);
        if (!isLaunched)
            base.Rotate(heads, angles, firstPosition, count, sign);
    }

    /// <inheritdoc/>
    public override void Add(Tensor sum, Tensor addend)
    {
        var count = sum.NumberOfElements;
        var isTaken = IsDense(sum) && IsDense(addend) && sum.shape.AsSpan().SequenceEqual(addend.shape);
        if (isTaken && count == 0)
            return;
        var pack = PackOf([sum, addend]);
        var isLaunched =
            isTaken && launcher.Launch(Addition("add", sum, addend, pack, copy: null), GridOf(count, pack), At(sum), At(addend), count);
        KeepAlive(sum, addend);
        if (!isLaunched)
            base.Add(sum, addend);
    }

    /// <inheritdoc/>
    public override void Blend(Tensor effective, Tensor guide, double alpha, Tensor product, Tensor? copy)
    {
        var count = effective.NumberOfElements;
        var isTaken = IsFloat(effective) && IsFloat(guide) && IsDense(product) && copy is not { dtype: not ScalarType.BFloat16 };
        isTaken &= copy is null || copy.is_contiguous();
        if (isTaken && count == 0)
            return;
        var pack = PackOf([effective, guide, product, copy]);
        var isLaunched =
            isTaken
            && launcher.Launch(
                Addition("blend", effective, product, pack, copy),
                GridOf(count, pack),
                At(effective),
                At(guide),
                (float)alpha,
                At(product),
                At(copy),
                count
            );
        KeepAlive(effective, guide, product, copy);
        if (!isLaunched)
            base.Blend(effective, guide, alpha, product, copy);
    }

    private static KernelVariant Addition(string name, Tensor sum, Tensor addend, int pack, Tensor? copy) =>
        new("Addition", name, $"SUM={NameOf(sum.dtype)} ADDEND={NameOf(addend.dtype)} PACK={pack} COPIES={Flag(copy is not null)}");
}
