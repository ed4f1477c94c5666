using LowRank.Kernels;
using LowRank.Layers;

namespace LowRank.Decoding;

/// <summary>
/// The experts of a mixture: each row is scored and sent to those that its router chooses, whose weights alone are read. The rows of one
/// expert are read together. A row's sum is taken in the order of the experts, whatever rows stand beside it.
/// </summary>
internal sealed unsafe class ExpertStep(
    RoutingOptions routing,
    float* weight,
    float* bias,
    IReadOnlyList<DecodingStep>[] experts,
    DecodingBuffers inner
) : DecodingStep
{
    private readonly List<(int Row, float Weight)>[] rows = [.. experts.Select(_ => new List<(int, float)>())];
    private readonly int[] chosen = new int[routing.Active];
    private DecodingBatch? part;

    /// <summary>The slot that is read.</summary>
    public required Slot From { get; init; }

    /// <summary>The slot that is written.</summary>
    public required Slot To { get; init; }

    /// <summary>Whether the outputs are added to what is there.</summary>
    public required bool Adds { get; init; }

    public override void Run(DecodingBatch batch)
    {
        part ??= new DecodingBatch(batch.Team, inner);
        inner.Reserve(batch.Count);
        foreach (var own in rows)
            own.Clear();
        Score(batch);
        for (var row = 0; row < batch.Count; row++)
            Choose(new Span<float>(batch.Buffers.Row(Slot.Scores, row), experts.Length), row);
        var width = (int)batch.Buffers.Width(Slot.Stream);
        for (var row = 0; row < batch.Count && !Adds; row++)
            new Span<float>(batch.Buffers.Row(To, row), width).Clear();
        for (var expert = 0; expert < experts.Length; expert++)
        {
            if (rows[expert].Count > 0)
                Run(batch, expert, width);
        }
    }

    private void Run(DecodingBatch batch, int expert, int width)
    {
        var own = rows[expert];
        part!.Take(own.Count);
        for (var index = 0; index < own.Count; index++)
        {
            new ReadOnlySpan<float>(batch.Buffers.Row(From, own[index].Row), width).CopyTo(
                new Span<float>(inner.Row(Slot.Normalized, index), width)
            );
        }

        foreach (var step in experts[expert])
            step.Run(part);
        for (var index = 0; index < own.Count; index++)
        {
            var sum = batch.Buffers.Row(To, own[index].Row);
            var output = inner.Row(Slot.Stream, index);
            for (var i = 0; i < width; i++)
                sum[i] += own[index].Weight * output[i];
        }
    }

    private void Score(DecodingBatch batch)
    {
        var buffers = batch.Buffers;
        ProductKernel.Run<Float32Element>(
            (byte*)weight,
            null,
            buffers.Width(Slot.Stream),
            0,
            experts.Length,
            buffers.Of(From),
            buffers.Width(From),
            buffers.Of(Slot.Scores),
            buffers.Width(Slot.Scores),
            batch.Count,
            false
        );
    }

    private void Choose(Span<float> scores, int row)
    {
        Finish(scores);
        var total = 0f;
        for (var slot = 0; slot < chosen.Length; slot++)
        {
            chosen[slot] = Best(scores, slot);
            total += scores[chosen[slot]];
        }

        var scale = (float)routing.WeightScale / (routing.NormalizeWeights ? total + 1e-20f : 1);
        foreach (var expert in chosen)
            rows[expert].Add((row, scores[expert] * scale));
    }

    // From logits to scores.
    private void Finish(Span<float> scores)
    {
        if (routing.Score == RouterScore.Sigmoid)
        {
            foreach (ref var score in scores)
                score = 1 / (1 + MathF.Exp(-score));
            return;
        }

        var largest = float.NegativeInfinity;
        foreach (var logit in scores)
            largest = MathF.Max(largest, logit);
        var total = 0f;
        foreach (ref var score in scores)
        {
            score = MathF.Exp(score - largest);
            total += score;
        }

        foreach (ref var score in scores)
            score /= total;
    }

    // Of equal ones the first, as in the layers.
    private int Best(ReadOnlySpan<float> scores, int slot)
    {
        var (best, value) = (-1, float.NegativeInfinity);
        for (var expert = 0; expert < scores.Length; expert++)
        {
            var own = bias is null ? scores[expert] : scores[expert] + bias[expert];
            if ((best < 0 || own > value) && !chosen.AsSpan(0, slot).Contains(expert))
                (best, value) = (expert, own);
        }

        return best;
    }
}
