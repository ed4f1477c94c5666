using System.Globalization;
using LowRank.Training.Json;

namespace LowRank.Training.Weights;

/// <summary>A tensor that the model needs and the checkpoint lacks.</summary>
/// <param name="Name">Its name in the checkpoint.</param>
/// <param name="Shape">The shape that it should have.</param>
internal sealed record MissingTensor(string Name, IReadOnlyList<long> Shape);

/// <summary>A tensor that the checkpoint has and the model no use for.</summary>
/// <param name="Name">Its name in the checkpoint.</param>
/// <param name="Type">Its type, such as <c>F32</c>.</param>
/// <param name="Shape">Its shape.</param>
internal sealed record UnexpectedTensor(string Name, string Type, IReadOnlyList<long> Shape);

/// <summary>A tensor of another shape than the model's.</summary>
/// <param name="Name">Its name in the checkpoint.</param>
/// <param name="Expected">The shape that it should have.</param>
/// <param name="Found">The shape that it has.</param>
internal sealed record MisshapenTensor(string Name, IReadOnlyList<long> Expected, IReadOnlyList<long> Found);

/// <summary>A tensor of a type that is not read.</summary>
/// <param name="Name">Its name in the checkpoint.</param>
/// <param name="Type">Its type, such as <c>F8_E4M3</c>.</param>
internal sealed record UnreadableTensor(string Name, string Type);

/// <summary>All that keeps a checkpoint from being loaded into a model.</summary>
internal sealed class PretrainedMismatch
{
    /// <summary>What the declaration and <c>config.json</c> say differently.</summary>
    public IList<Contradiction> Contradictions { get; } = [];

    /// <summary>Tensors that are not there.</summary>
    public IList<MissingTensor> Missing { get; } = [];

    /// <summary>Tensors that nothing is known of.</summary>
    public IList<UnexpectedTensor> Unexpected { get; } = [];

    /// <summary>Tensors of another shape.</summary>
    public IList<MisshapenTensor> Misshapen { get; } = [];

    /// <summary>Tensors that are neither fp32 nor bf16 nor fp16.</summary>
    public IList<UnreadableTensor> Unreadable { get; } = [];

    /// <summary>What else is wrong: an index that doesn't agree with its shards, a tied head that differs from the embedding.</summary>
    public IList<string> Others { get; } = [];

    /// <summary>Whether the checkpoint fits.</summary>
    public bool IsEmpty => Contradictions.Count + Missing.Count + Unexpected.Count + Misshapen.Count + Unreadable.Count + Others.Count == 0;

    /// <summary>All of it, one line each.</summary>
    public IEnumerable<string> Lines() =>
        [
            .. Contradictions.Select(one => $"{one.Property}: declared {one.Declared}, config.json says {one.Found}"),
            .. Missing.Select(one => $"missing: {ShownText.Of(one.Name)} {Shape(one.Shape)}"),
            .. Unexpected.Select(one => $"unexpected: {ShownText.Of(one.Name)} {one.Type}{Shape(one.Shape)}"),
            .. Misshapen.Select(one =>
                $"another shape: {ShownText.Of(one.Name)} should be {Shape(one.Expected)} and is {Shape(one.Found)}"
            ),
            .. Unreadable.Select(one => $"another type: {ShownText.Of(one.Name)} is {one.Type}; F32, BF16 and F16 are read"),
            .. Others,
        ];

    private static string Shape(IReadOnlyList<long> shape) =>
        $"[{ShownText.List([.. shape.Select(size => size.ToString(CultureInfo.InvariantCulture))])}]";
}
