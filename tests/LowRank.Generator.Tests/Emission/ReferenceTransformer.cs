using System.Globalization;
using LowRank.Generator.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Generator.Tests.Emission;

/// <summary>
/// The textbook transformer, interpreted from a model's declaration over its state dictionary: no fused projections, no cache, no
/// kernels, one formula after another. Generated code is held against it.
/// </summary>
internal sealed class ReferenceTransformer(TransformerModel model, IDictionary<string, Tensor> state)
{
    private TransformerOptions Options => model.Options;

    public Tensor Logits(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var x = state["embedding.weight"][tokens] * (Options.ScaleEmbeddings ? Math.Sqrt(Options.Width) : Options.EmbeddingScale ?? 1);
        if (Options.Positions == Positions.Learned)
            x += state["positions.weight"][arange(tokens.shape[1])];
        for (var index = 0; index < Options.Depth; index++)
            x = Block(x, index);
        var logits = Norm(x, "final_norm").matmul(state[Options.TieEmbeddings ? "embedding.weight" : "head.weight"].t());
        return scope.MoveToOuter(Capped(logits * (Options.LogitScale ?? 1), Options.LogitSoftCap));
    }

    private Tensor Block(Tensor x, int index)
    {
        using var scope = NewDisposeScope();
        var input = x;
        var prefix = $"blocks.{index}.";
        foreach (
            var sublayer in model.Sublayers.Where(sublayer =>
                sublayer.Spans.Any(span => Enumerable.Range(0, span.Count).Any(i => span.First + i * span.Stride == index))
            )
        )
        {
            var read = Options.Residual == Residual.Parallel ? input : x;
            var name = prefix + Identifiers.Snake(sublayer.Name);
            if (Options.NormPlacement != NormPlacement.After)
                read = Norm(read, name + ".norm");
            var output = sublayer.Attention is { } attention
                ? attention.Latent is { } latent
                    ? LatentAttention(read, attention, latent, name)
                    : Attention(read, attention, name)
                : FeedForward(read, sublayer.FeedForward!, name);
            x += Options.NormPlacement == NormPlacement.Before ? output : Norm(output, name + ".post_norm");
        }

        return x.MoveToOuterDisposeScope();
    }

    private Tensor Norm(Tensor x, string name)
    {
        using var scope = NewDisposeScope();
        var centered = Options.Norm == LowRank.Norm.LayerNorm ? x - x.mean([-1], true) : x;
        var normalized = centered / (centered.square().mean([-1], true) + Options.NormEpsilon).sqrt() * state[name + ".weight"];
        return scope.MoveToOuter(state.TryGetValue(name + ".bias", out var bias) ? normalized + bias : normalized);
    }

    private Tensor Attention(Tensor x, AttentionModel attention, string name)
    {
        using var scope = NewDisposeScope();
        var projected = Projected(x, name + ".query_key_value");
        var (batch, sequence, size) = (x.shape[0], x.shape[1], attention.HeadSize);
        var queries = projected.narrow(2, 0, attention.Width).reshape(batch, sequence, attention.Heads, size);
        var keys = projected.narrow(2, attention.Width, attention.KeyValueWidth).reshape(batch, sequence, attention.KeyValueHeads, size);
        var values = projected
            .narrow(2, attention.Width + attention.KeyValueWidth, attention.KeyValueWidth)
            .reshape(batch, sequence, attention.KeyValueHeads, size);
        if (attention.QueryKeyNorm == QueryKeyNorm.Head)
        {
            queries = RootMeanSquare(queries) * state[name + ".query_norm.weight"];
            keys = RootMeanSquare(keys) * state[name + ".key_norm.weight"];
        }
        else if (attention.QueryKeyNorm == QueryKeyNorm.Projection)
        {
            queries = (RootMeanSquare(queries.flatten(2)) * state[name + ".query_norm.weight"]).reshape(queries.shape);
            keys = (RootMeanSquare(keys.flatten(2)) * state[name + ".key_norm.weight"]).reshape(keys.shape);
        }

        if (attention.Rotation is { } rotation)
            (queries, keys) = (Rotate(queries, rotation), Rotate(keys, rotation));
        var mask = full(sequence, sequence, double.NegativeInfinity, ScalarType.Float64).triu(1);
        if (attention.Window is { } window)
            mask += full(sequence, sequence, double.NegativeInfinity, ScalarType.Float64).tril(-window);
        var heads = new List<Tensor>();
        for (var head = 0; head < attention.Heads; head++)
        {
            var group = head / (attention.Heads / attention.KeyValueHeads);
            var products = queries.select(2, head).matmul(keys.select(2, group).transpose(1, 2));
            var scores = Capped(products * (attention.ScoreScale ?? 1 / Math.Sqrt(size)), attention.ScoreSoftCap);
            heads.Add((scores + mask).softmax(-1).matmul(values.select(2, group)));
        }

        return scope.MoveToOuter(Linear(cat(heads, -1), name + ".output"));
    }

    // DeepSeek-V2, equations (37) to (47): each head's key is its own content beside the rotated key of all heads.
    private Tensor LatentAttention(Tensor x, AttentionModel attention, LatentModel latent, string name)
    {
        using var scope = NewDisposeScope();
        var (batch, sequence) = (x.shape[0], x.shape[1]);
        var queryInput = latent.QueryRank > 0 ? Normed(Linear(x, name + ".query_down"), name + ".query_norm") : x;
        var queries = Linear(queryInput, name + ".query").reshape(batch, sequence, attention.Heads, attention.HeadSize);
        var down = Linear(x, name + ".key_value_down");
        var latents = Normed(down.narrow(2, 0, latent.KeyValueRank), name + ".key_value_norm");
        var contents = Linear(latents, name + ".key").reshape(batch, sequence, attention.Heads, latent.ContentSize);
        var values = Linear(latents, name + ".value").reshape(batch, sequence, attention.Heads, latent.ValueSize);
        var shared = down.narrow(2, latent.KeyValueRank, attention.RotarySize).unsqueeze(2);
        if (attention.Rotation is { } rotation)
            (queries, shared) = (Rotate(queries, rotation), Rotate(shared, rotation));
        shared = shared.squeeze(2);
        var mask = full(sequence, sequence, double.NegativeInfinity, ScalarType.Float64).triu(1);
        if (attention.Window is { } window)
            mask += full(sequence, sequence, double.NegativeInfinity, ScalarType.Float64).tril(-window);
        var heads = new List<Tensor>();
        for (var head = 0; head < attention.Heads; head++)
        {
            var query = queries.select(2, head);
            var scores =
                query.narrow(2, attention.RotarySize, latent.ContentSize).matmul(contents.select(2, head).transpose(1, 2))
                + query.narrow(2, 0, attention.RotarySize).matmul(shared.transpose(1, 2));
            var weights = (scores / Math.Sqrt(latent.ContentSize + attention.RotarySize) + mask).softmax(-1);
            heads.Add(weights.matmul(values.select(2, head)));
        }

        return scope.MoveToOuter(Linear(cat(heads, -1), name + ".output"));
    }

    private Tensor Normed(Tensor latents, string name)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(state.TryGetValue(name + ".weight", out var gain) ? RootMeanSquare(latents) * gain : latents.alias());
    }

    private static Tensor Capped(Tensor values, double? cap)
    {
        if (cap is not { } bound)
            return values;
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(bound * (values / bound).tanh());
    }

    private Tensor RootMeanSquare(Tensor x)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(x / (x.square().mean([-1], true) + Options.NormEpsilon).sqrt());
    }

    // Entry i and entry i + size/2 are the two coordinates of a point that turns by position · base^(−2i/size).
    private static Tensor Rotate(Tensor heads, RotationModel rotation)
    {
        using var scope = NewDisposeScope();
        var size = rotation.Size;
        var length = rotation.Scaling is { Type: RotaryScalingType.Yarn } yarn ? yarn.AttentionFactor ?? 1 + Math.Log(yarn.Factor) / 10 : 1;
        var turned = heads.clone();
        for (var position = 0; position < heads.shape[1]; position++)
        {
            for (var i = 0; i < size / 2; i++)
            {
                var angle = position * Frequency(rotation, i);
                var first = heads[.., position, .., i];
                var second = heads[.., position, .., i + size / 2];
                turned[.., position, .., i] = (first * Math.Cos(angle) - second * Math.Sin(angle)) * length;
                turned[.., position, .., i + size / 2] = (second * Math.Cos(angle) + first * Math.Sin(angle)) * length;
            }
        }

        return turned.MoveToOuterDisposeScope();
    }

    // As the papers write them: by wavelengths for LLaMA 3.1, by turns within the original context for YaRN.
    private static double Frequency(RotationModel rotation, int pair)
    {
        var frequency = Math.Pow(rotation.Base, -2.0 * pair / rotation.Size);
        if (rotation.Scaling is not { } scaling)
            return frequency;
        var slow = frequency / scaling.Factor;
        switch (scaling.Type)
        {
            case RotaryScalingType.Linear:
                return slow;
            case RotaryScalingType.Llama3:
                var (low, high) = (scaling.LowFrequencyFactor ?? 1, scaling.HighFrequencyFactor ?? 4);
                var wavelength = 2 * Math.PI / frequency;
                if (wavelength < scaling.OriginalContext / high)
                    return frequency;
                if (wavelength > scaling.OriginalContext / low)
                    return slow;
                var smooth = (scaling.OriginalContext!.Value / wavelength - low) / (high - low);
                return (1 - smooth) * slow + smooth * frequency;
            default:
                // The pairs of many and of few turns, as a fraction of the pairs; b^(−2i/d)·L = 2π·turns solved for i.
                double At(double turns) =>
                    rotation.Size / 2.0 * Math.Log(scaling.OriginalContext!.Value / turns / (2 * Math.PI), rotation.Base);
                var (first, last) = (Math.Max(0, Math.Floor(At(scaling.BetaFast ?? 32))), Math.Ceiling(At(scaling.BetaSlow ?? 1)));
                last = Math.Min(last, rotation.Size - 1);
                var share =
                    pair <= first ? 0
                    : pair >= last ? 1
                    : (pair - first) / (last - first);
                return frequency * (1 - share) + slow * share;
        }
    }

    private Tensor FeedForward(Tensor x, FeedForwardOptions options, string name)
    {
        using var scope = NewDisposeScope();
        var up = Linear(x, name + ".up");
        var hidden = options.Gated ? Activate(Linear(x, name + ".gate"), options.Activation) * up : Activate(up, options.Activation);
        return scope.MoveToOuter(Linear(hidden, name + ".down"));
    }

    private static Tensor Activate(Tensor x, Activation activation)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(
            activation switch
            {
                Activation.Silu => x / (1 + (-x).exp()),
                Activation.Gelu => 0.5 * x * (1 + special.erf(x / Math.Sqrt(2))),
                Activation.GeluTanh => 0.5 * x * (1 + (Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x.pow(3))).tanh()),
                Activation.Relu => x * (x > 0).to(ScalarType.Float64),
                Activation.ReluSquared => x.square() * (x > 0).to(ScalarType.Float64),
                _ => throw new ArgumentOutOfRangeException(nameof(activation)),
            }
        );
    }

    private Tensor Projected(Tensor x, string name)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(
            state.ContainsKey(name + ".weight")
                ? Linear(x, name)
                : cat([Linear(x, name + ".query"), Linear(x, name + ".key"), Linear(x, name + ".value")], -1)
        );
    }

    private Tensor Linear(Tensor x, string name)
    {
        using var scope = NewDisposeScope();
        var product = state.TryGetValue(name + ".weight", out var full) ? x.matmul(full.t()) : Factored(x, name);
        return scope.MoveToOuter(state.TryGetValue(name + ".bias", out var bias) ? product + bias : product);
    }

    private Tensor Factored(Tensor x, string name)
    {
        using var scope = NewDisposeScope();
        var (u, inner) = (state[name + ".u"], x.matmul(state[name + ".v"].t()));
        var path = name.Split('.');
        var sublayer = model.Sublayers.Single(candidate => Identifiers.Snake(candidate.Name) == path[2]);
        var span = sublayer.Spans.Single(candidate => candidate.Contains(int.Parse(path[1], CultureInfo.InvariantCulture)));
        var lowRank = span.Linears.Single(linear => Identifiers.Snake(linear.Name) == path[^1]).LowRank!;
        if (lowRank.Activation is { } activation)
            return scope.MoveToOuter(Activate(inner, activation).matmul(u.t()));
        if (!lowRank.HasResidual)
            return scope.MoveToOuter(inner.matmul(u.t()));
        var pieces = (int)Math.Ceiling((double)u.shape[0] / u.shape[1]);
        return scope.MoveToOuter(
            inner.matmul(u.t()) + cat([.. Enumerable.Repeat(inner, pieces)], -1)[.., .., ..(int)u.shape[0]] / Math.Sqrt(pieces)
        );
    }
}
