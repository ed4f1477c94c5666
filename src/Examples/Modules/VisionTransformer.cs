using LowRank.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Examples.Modules;

/// <summary>A small vision transformer: 16×16 images in patches of 4×4, two blocks, ten classes.</summary>
[Module]
public partial class VisionTransformer
{
    private const int PatchSize = 4;
    private const int PatchesPerSide = DigitImages.Side / PatchSize;
    private const int Width = 64;

    /// <summary>A patch's pixels to a vector.</summary>
    [Linear(PatchSize * PatchSize, Width, Bias = true)]
    public partial LinearLayer Patch { get; }

    /// <summary>Where a patch stands.</summary>
    [Embedding(PatchesPerSide * PatchesPerSide, Width)]
    public partial Embedding Place { get; }

    /// <summary>The blocks.</summary>
    [Part(Count = 2)]
    public partial IReadOnlyList<EncoderBlock> Blocks { get; }

    /// <summary>Before the head.</summary>
    [Normalization(Width)]
    public partial RmsNorm Norm { get; }

    /// <summary>The mean over the patches to a score for each digit.</summary>
    [Linear(Width, 10, Bias = true)]
    public partial LinearLayer Head { get; }

    /// <summary><c>[batch, 16, 16]</c> to logits <c>[batch, 10]</c>.</summary>
    /// <param name="images">The images.</param>
    public Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var patches = images
            .view(-1, PatchesPerSide, PatchSize, PatchesPerSide, PatchSize)
            .transpose(2, 3)
            .reshape(-1, PatchesPerSide * PatchesPerSide, PatchSize * PatchSize);
        using Scalar first = 0,
            next = 1,
            count = PatchesPerSide * PatchesPerSide;
        var x = ResidualPath.Sum(Patch.forward(patches), Place.forward(arange(first, count, next, int64, images.device)));
        foreach (var block in Blocks)
            x = block.forward(x);
        return Head.forward(Norm.forward(x).mean([1])).MoveToOuterDisposeScope();
    }
}
