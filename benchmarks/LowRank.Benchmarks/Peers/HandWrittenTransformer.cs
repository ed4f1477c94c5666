using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Peers;

/// <summary>How a linear layer is written by hand.</summary>
internal enum HandWrittenForm
{
    /// <summary>One matrix.</summary>
    Dense,

    /// <summary>Two thin ones.</summary>
    LowRank,

    /// <summary>Two thin ones beside a full one, both branches run: the guide of Wei et al. (2024) as published.</summary>
    TwoBranches,
}

/// <summary>
/// The transformer that a TorchSharp user writes by hand, after the manner of the library's own examples: modules with a dispose scope in
/// forward, a linear layer for every projection, the norm and the rotation in tensor operations, TorchSharp's attention.
/// </summary>
internal sealed class HandWrittenTransformer : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Embedding embedding;
    private readonly ModuleList<HandWrittenBlock> blocks;
    private readonly HandWrittenRmsNorm norm;
    private readonly TorchSharp.Modules.Linear head;

    public HandWrittenTransformer(
        long vocabulary,
        int context,
        int width,
        int depth,
        int heads,
        int hidden,
        HandWrittenForm form,
        int rank,
        HandWrittenForm? attention = null
    )
        : base(nameof(HandWrittenTransformer))
    {
        embedding = nn.Embedding(vocabulary, width);
        blocks = nn.ModuleList([
            .. Enumerable.Range(0, depth).Select(_ => new HandWrittenBlock(context, width, heads, hidden, form, rank, attention ?? form)),
        ]);
        norm = new HandWrittenRmsNorm(width);
        head = nn.Linear(width, vocabulary, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = embedding.forward(input);
        foreach (var block in blocks)
            x = block.forward(x);
        return head.forward(norm.forward(x)).MoveToOuterDisposeScope();
    }

    /// <summary>Reads further tokens, <c>[batch, new]</c>; the logits after the last of them, <c>[batch, vocabulary]</c>.</summary>
    public Tensor Decode(Tensor input, HandWrittenCache cache)
    {
        using var scope = NewDisposeScope();
        var x = embedding.forward(input);
        for (var index = 0; index < blocks.Count; index++)
            x = blocks[index].Decode(x, cache, index);
        var last = x.select(1, x.shape[1] - 1);
        return head.forward(norm.forward(last)).MoveToOuterDisposeScope();
    }
}

internal sealed class HandWrittenBlock : nn.Module<Tensor, Tensor>
{
    private readonly HandWrittenRmsNorm attentionNorm;
    private readonly HandWrittenAttention attention;
    private readonly HandWrittenRmsNorm feedForwardNorm;
    private readonly HandWrittenFeedForward feedForward;

    public HandWrittenBlock(int context, int width, int heads, int hidden, HandWrittenForm form, int rank, HandWrittenForm attentionForm)
        : base(nameof(HandWrittenBlock))
    {
        attentionNorm = new HandWrittenRmsNorm(width);
        attention = new HandWrittenAttention(context, width, heads, attentionForm, rank);
        feedForwardNorm = new HandWrittenRmsNorm(width);
        feedForward = new HandWrittenFeedForward(width, hidden, form, rank);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input + attention.forward(attentionNorm.forward(input));
        return (x + feedForward.forward(feedForwardNorm.forward(x))).MoveToOuterDisposeScope();
    }

    public Tensor Decode(Tensor input, HandWrittenCache cache, int layer)
    {
        using var scope = NewDisposeScope();
        var x = input + attention.Decode(attentionNorm.forward(input), cache, layer);
        return (x + feedForward.forward(feedForwardNorm.forward(x))).MoveToOuterDisposeScope();
    }
}

internal sealed class HandWrittenAttention : nn.Module<Tensor, Tensor>
{
    private readonly int heads;
    private readonly nn.Module<Tensor, Tensor> query;
    private readonly nn.Module<Tensor, Tensor> key;
    private readonly nn.Module<Tensor, Tensor> value;
    private readonly nn.Module<Tensor, Tensor> output;
    private readonly Tensor cosine;
    private readonly Tensor sine;

    public HandWrittenAttention(int context, int width, int heads, HandWrittenForm form, int rank)
        : base(nameof(HandWrittenAttention))
    {
        this.heads = heads;
        query = HandWrittenLinear.Create(width, width, form, rank);
        key = HandWrittenLinear.Create(width, width, form, rank);
        value = HandWrittenLinear.Create(width, width, form, rank);
        output = HandWrittenLinear.Create(width, width, form, rank);
        using var scope = NewDisposeScope();
        var half = width / heads / 2;
        var frequencies = pow(10_000.0f, -arange(half, ScalarType.Float32) / half);
        var angles = outer(arange(context, ScalarType.Float32), frequencies);
        cosine = cat([angles, angles], 1).cos().MoveToOuterDisposeScope();
        sine = cat([angles, angles], 1).sin().MoveToOuterDisposeScope();
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (batch, sequence, width) = (input.shape[0], input.shape[1], input.shape[2]);
        var q = Rotate(Split(query.forward(input), batch, sequence), 0);
        var k = Rotate(Split(key.forward(input), batch, sequence), 0);
        var v = Split(value.forward(input), batch, sequence);
        var attended = nn.functional.scaled_dot_product_attention(q, k, v, is_casual: true);
        return output.forward(attended.transpose(1, 2).reshape(batch, sequence, width)).MoveToOuterDisposeScope();
    }

    public Tensor Decode(Tensor input, HandWrittenCache cache, int layer)
    {
        using var scope = NewDisposeScope();
        var (batch, sequence, width) = (input.shape[0], input.shape[1], input.shape[2]);
        var earlier = cache.LengthOf(layer);
        var q = Rotate(Split(query.forward(input), batch, sequence), earlier);
        var (k, v) = cache.Append(
            layer,
            Rotate(Split(key.forward(input), batch, sequence), earlier),
            Split(value.forward(input), batch, sequence)
        );
        var attended = nn.functional.scaled_dot_product_attention(q, k, v, is_casual: sequence > 1);
        return output.forward(attended.transpose(1, 2).reshape(batch, sequence, width)).MoveToOuterDisposeScope();
    }

    private Tensor Split(Tensor x, long batch, long sequence)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(x.view(batch, sequence, heads, -1).transpose(1, 2));
    }

    private Tensor Rotate(Tensor x, long first)
    {
        using var scope = NewDisposeScope();
        var (sequence, half) = (x.shape[2], x.shape[3] / 2);
        var turned = cat([-x.narrow(3, half, half), x.narrow(3, 0, half)], 3);
        return scope.MoveToOuter(x * cosine.narrow(0, first, sequence) + turned * sine.narrow(0, first, sequence));
    }
}

internal sealed class HandWrittenFeedForward : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> gate;
    private readonly nn.Module<Tensor, Tensor> up;
    private readonly nn.Module<Tensor, Tensor> down;

    public HandWrittenFeedForward(int width, int hidden, HandWrittenForm form, int rank)
        : base(nameof(HandWrittenFeedForward))
    {
        gate = HandWrittenLinear.Create(width, hidden, form, rank);
        up = HandWrittenLinear.Create(width, hidden, form, rank);
        down = HandWrittenLinear.Create(hidden, width, form, rank);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return down.forward(nn.functional.silu(gate.forward(input)) * up.forward(input)).MoveToOuterDisposeScope();
    }
}

internal sealed class HandWrittenRmsNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;

    public HandWrittenRmsNorm(int width)
        : base(nameof(HandWrittenRmsNorm))
    {
        weight = new Parameter(ones(width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var scale = rsqrt(input.pow(2).mean([-1], keepdim: true) + 1e-5f);
        return (input * scale * weight).MoveToOuterDisposeScope();
    }
}

internal static class HandWrittenLinear
{
    public static nn.Module<Tensor, Tensor> Create(int inputs, int outputs, HandWrittenForm form, int rank) =>
        form switch
        {
            HandWrittenForm.Dense => nn.Linear(inputs, outputs, hasBias: false),
            HandWrittenForm.LowRank => nn.Sequential(nn.Linear(inputs, rank, hasBias: false), nn.Linear(rank, outputs, hasBias: false)),
            _ => new HandWrittenTwoBranches(inputs, outputs, rank),
        };
}

internal sealed class HandWrittenTwoBranches : nn.Module<Tensor, Tensor>
{
    private const float Alpha = 0.5f;
    private readonly TorchSharp.Modules.Linear guide;
    private readonly TorchSharp.Modules.Linear v;
    private readonly TorchSharp.Modules.Linear u;

    public HandWrittenTwoBranches(int inputs, int outputs, int rank)
        : base(nameof(HandWrittenTwoBranches))
    {
        guide = nn.Linear(inputs, outputs, hasBias: false);
        v = nn.Linear(inputs, rank, hasBias: false);
        u = nn.Linear(rank, outputs, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (guide.forward(input) * Alpha + u.forward(v.forward(input)) * (1 - Alpha)).MoveToOuterDisposeScope();
    }
}
