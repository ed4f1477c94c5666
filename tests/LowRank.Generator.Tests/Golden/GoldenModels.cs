using System.Globalization;
using System.Text.Json;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Tests.Golden;

/// <summary>The golden entries as declared models.</summary>
internal static class GoldenModels
{
    public static TransformerModel Published(JsonElement entry)
    {
        var positions = entry.GetProperty("positions").GetString()!;
        var bias = entry.GetProperty("bias");
        var transformer = new TransformerOptions(
            entry.GetProperty("vocabulary").GetInt32(),
            positions.StartsWith("learned", StringComparison.Ordinal)
                ? int.Parse(positions.Split(' ')[1], CultureInfo.InvariantCulture)
                : 2048,
            entry.GetProperty("width").GetInt32(),
            entry.GetProperty("depth").GetInt32(),
            positions.StartsWith("learned", StringComparison.Ordinal) ? Positions.Learned : Positions.Rotary,
            10_000,
            positions.Contains("25 %", StringComparison.Ordinal) ? 0.25 : 1,
            entry.GetProperty("norm").GetString() == "LayerNorm" ? Norm.LayerNorm : Norm.RmsNorm,
            1e-5,
            bias.ValueKind switch
            {
                JsonValueKind.True => Bias.All,
                JsonValueKind.False => Bias.None,
                _ => Bias.QueryKeyValue,
            },
            entry.GetProperty("tied").GetBoolean(),
            entry.TryGetProperty("parallel_residual", out _) ? Residual.Parallel : Residual.Sequential
        );
        var attention = new AttentionOptions(
            entry.GetProperty("heads").GetInt32(),
            entry.GetProperty("kv_heads").GetInt32(),
            entry.TryGetProperty("head_size", out var headSize) ? headSize.GetInt32() : null,
            entry.TryGetProperty("qk_norm", out _) ? QueryKeyNorm.Head : QueryKeyNorm.None
        );
        return Model(
            transformer,
            attention,
            new(entry.GetProperty("hidden").GetInt32(), Activation.Silu, entry.GetProperty("gated").GetBoolean()),
            null,
            null
        );
    }

    public static TransformerModel Paper(JsonElement common, JsonElement run, Guide guide, double phaseOut)
    {
        var width = run.GetProperty("hidden").GetInt32();
        var heads = run.GetProperty("q_heads").GetInt32();
        var transformer = new TransformerOptions(
            common.GetProperty("vocabulary").GetInt32(),
            common.GetProperty("context").GetInt32(),
            width,
            run.GetProperty("layers").GetInt32(),
            Positions.Rotary,
            10_000,
            1,
            Norm.LayerNorm,
            1e-5,
            Bias.All,
            TieEmbeddings: true,
            Residual.Sequential
        );
        var lowRank =
            run.GetProperty("rank").ValueKind == JsonValueKind.Null
                ? null
                : new LowRankOptions(
                    new("FeedForward", "LowRank"),
                    run.GetProperty("rank").GetInt32(),
                    phaseOut,
                    "1..",
                    guide,
                    Schedule.Cosine
                );
        return Model(
            transformer,
            new(heads, run.GetProperty("kv_heads").GetInt32(), run.GetProperty("attn_dim").GetInt32() / heads, QueryKeyNorm.None),
            new(run.GetProperty("ffn_dim").GetInt32(), Activation.GeluTanh, Gated: false),
            lowRank,
            new(run.GetProperty("tokens").GetInt64(), common.GetProperty("sequences_per_step").GetInt32(), null)
        );
    }

    internal static TransformerModel Model(
        TransformerOptions transformer,
        AttentionOptions attention,
        FeedForwardOptions feedForward,
        LowRankOptions? lowRank,
        TrainingRunOptions? run
    ) =>
        ShapeInference.Infer(
            new(
                new("", default, "class", "Golden", "", true, null, null, null, default, default),
                transformer,
                new([
                    new(Property("Attention"), attention, null, default, false),
                    new(Property("FeedForward"), null, feedForward, lowRank is null ? default : new([lowRank]), false),
                ]),
                default,
                run,
                HasDenseBaseline: false,
                IsIncomplete: false
            )
        );

    private static PropertyShape Property(string name) =>
        new(name, "public partial", "global::LowRank.Sublayer", new(["get"]), true, false, true, false, default);
}
