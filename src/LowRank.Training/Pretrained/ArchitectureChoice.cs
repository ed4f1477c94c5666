using System.Globalization;
using LowRank.Training.Pretrained.Config;
using LowRank.Training.Weights;
using LowRank.Training.Wording;

namespace LowRank.Training.Pretrained;

/// <summary>Decides which Hugging Face architecture is the same as a declaration, and says why one is not.</summary>
internal static class ArchitectureChoice
{
    /// <summary>The architecture asked for, or the first that expresses the declaration.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="facts">Its declaration.</param>
    /// <param name="asked">The architecture asked for, or null.</param>
    /// <exception cref="InputException">It can't express the declaration, or none can.</exception>
    public static Architecture Choose(string model, TransformerFacts facts, Architecture? asked)
    {
        if (asked is { } one)
        {
            var reasons = Reasons(one, facts);
            if (reasons.Count > 0)
                throw InputException.Naming(
                    $"{model} is no {one.Key()}: {string.Join("; ", reasons)}. Leave {new OptionName(nameof(ExportOptions.Architecture))} out, or name another of {ArchitectureNames.All}."
                );
            return one;
        }

        var all = Enum.GetValues<Architecture>()
            .Select(architecture => (Architecture: architecture, Reasons: Reasons(architecture, facts)))
            .ToList();
        var fitting = all.FindIndex(candidate => candidate.Reasons.Count == 0);
        if (fitting >= 0)
            return all[fitting].Architecture;
        var lines = all.Select(candidate => $"\n  no {candidate.Architecture.Key()}: {string.Join("; ", candidate.Reasons)}");
        throw new InputException($"None of {ArchitectureNames.All} expresses {model}:{string.Concat(lines)}");
    }

    /// <summary>Why an architecture can't express a declaration; nothing where it can.</summary>
    public static IReadOnlyList<string> Reasons(Architecture architecture, TransformerFacts facts)
    {
        var reasons = new List<string>();
        var windows = facts.WindowsWithin(facts.Context);
        var isWindowed = windows.Any(window => window is not null);
        Refuse(facts.Residual != Residual.Sequential && architecture != Architecture.GptNeoX, "its sublayers run in parallel");
        RefuseOtherAttention();
        RefuseOtherMixtures();
        RefuseOtherPlacement();
        RefuseOtherScales();
        Refuse(facts.PartialFeedForwardBias, "some linear layers of its feed-forward have a bias and others none");
        Refuse(
            architecture != Architecture.Phi3 && facts.Rotations.Any(rotation => rotation?.Scaling is { Type: RotaryScalingType.LongRope }),
            "its rotary frequencies are scaled by LongRope"
        );
        var isRotated = facts.Rotations.Any(rotation => rotation is not null);
        if (architecture is Architecture.Gpt2 or Architecture.GptNeo)
        {
            Refuse(!facts.LearnedPositions, "its positions are not learned");
            Refuse(facts.LearnedPositions && isRotated, "it rotates queries and keys");
            Refuse(facts.Norm != Norm.LayerNorm, "its norm is not LayerNorm");
            Refuse(facts is { Norm: Norm.LayerNorm, NormBias: false }, "its norms have no bias");
            if (architecture == Architecture.Gpt2)
                Refuse(!(facts.QueryKeyValueBias && facts.OutputBias && facts.FeedForwardBias), "not all of its linear layers have a bias");
            else
            {
                Refuse(facts.QueryKeyValueBias, "its queries, keys and values have a bias");
                Refuse(!(facts.OutputBias && facts.FeedForwardBias), "not all of its other linear layers have a bias");
            }

            Refuse(facts.KeyValueHeads != facts.Heads, $"{Text(facts.Heads)} heads share {Text(facts.KeyValueHeads)} key/value heads");
            RefuseOtherHeadSize();
            Refuse(facts.Gated, "its feed-forward layers are gated");
            Refuse(facts.QueryKeyNorm != QueryKeyNorm.None, "its queries and keys are normalized");
            if (architecture == Architecture.Gpt2)
                Refuse(isWindowed, $"it has a window ({WindowText.Of(windows)})");
            else
                RefuseTwoWindows();
            return reasons;
        }

        Refuse(facts.LearnedPositions || !isRotated, "its positions are not rotary");
        Refuse(
            facts.Rotations.Any(rotation => rotation is { Fraction: < 1 }) && RotationKeys.Of(architecture).Fraction.Count == 0,
            "only a part of each head is rotated"
        );
        RefuseOtherRotations();
        if (architecture == Architecture.GptNeoX)
        {
            Refuse(facts.Norm != Norm.LayerNorm, "its norm is not LayerNorm");
            Refuse(facts is { Norm: Norm.LayerNorm, NormBias: false }, "its norms have no bias");
            Refuse(facts.Gated, "its feed-forward layers are gated");
            Refuse(!facts.FeedForwardBias, "its feed-forward layers have no bias");
            RefuseOtherOutputBias();
            RefuseOtherQueryKeyNorm();
            Refuse(facts.KeyValueHeads != facts.Heads, $"{Text(facts.Heads)} heads share {Text(facts.KeyValueHeads)} key/value heads");
            RefuseOtherHeadSize();
            Refuse(isWindowed, $"it has a window ({WindowText.Of(windows)})");
            return reasons;
        }

        Refuse(facts.Norm != Norm.RmsNorm, "its norm is not RMSNorm");
        Refuse(!facts.Gated, "its feed-forward layers are not gated");
        RefuseOtherQueryKeyNorm();
        switch (architecture)
        {
            case Architecture.Llama or Architecture.SmolLm3:
                RefuseOtherOutputBias();
                Refuse(isWindowed, $"it has a window ({WindowText.Of(windows)})");
                break;
            case Architecture.Mistral or Architecture.Mixtral:
                RefuseBiases();
                RefuseOtherWindows();
                break;
            case Architecture.Phi3:
                RefuseBiases();
                RefuseOtherWindows();
                RefuseOtherHeadSize();
                Refuse(
                    facts.Rotations.Any(rotation => rotation?.Scaling is { Type: not RotaryScalingType.LongRope }),
                    "its rotary frequencies are scaled otherwise than by LongRope"
                );
                break;
            case Architecture.DeepSeekV2:
                RefuseBiases();
                Refuse(isWindowed, $"it has a window ({WindowText.Of(windows)})");
                Refuse(
                    Differ(facts.NormEpsilon, DeepSeekV2Config.LatentEpsilon),
                    "the ε of its norms is not 1e-6, as that of the norms of latent vectors is"
                );
                break;
            case Architecture.Qwen3Moe:
                RefuseOtherOutputBias();
                Refuse(facts.FeedForwardBias, "its feed-forward layers have a bias");
                Refuse(isWindowed, $"it has a window ({WindowText.Of(windows)})");
                break;
            case Architecture.Qwen2:
                Refuse(!facts.QueryKeyValueBias, "its queries, keys and values have no bias");
                Refuse(facts.OutputBias || facts.FeedForwardBias, "its other linear layers have a bias");
                RefuseOtherHeadSize();
                RefuseTwoWindows();
                break;
            case Architecture.Olmo2:
                RefuseOtherOutputBias();
                Refuse(facts.FeedForwardBias, "its feed-forward layers have a bias");
                RefuseOtherHeadSize();
                Refuse(isWindowed, $"it has a window ({WindowText.Of(windows)})");
                break;
            default:
                RefuseOtherOutputBias();
                Refuse(facts.FeedForwardBias, "its feed-forward layers have a bias");
                RefuseTwoWindows();
                break;
        }

        return reasons;

        void Refuse(bool holds, string reason)
        {
            if (holds)
                reasons.Add(reason);
        }

        void RefuseBiases() => Refuse(facts.Biases != Projections.None, "its linear layers have a bias");

        void RefuseOtherWindows() =>
            Refuse(windows.Distinct().Count() > 1, $"its blocks differ in their window ({WindowText.Of(windows)})");

        void RefuseOtherAttention()
        {
            if (architecture != Architecture.DeepSeekV2)
            {
                Refuse(facts.Latent is not null, "its attention is latent (KeyValueRank)");
                return;
            }

            Refuse(facts.Latent is null, "its attention is not latent (KeyValueRank)");
            Refuse(facts.Latent is { HasNorm: false }, "its latent vectors are not normalized");
        }

        void RefuseOtherMixtures()
        {
            if (architecture is not (Architecture.Mixtral or Architecture.Qwen3Moe or Architecture.DeepSeekV2))
            {
                Refuse(facts.Mixture is not null, "it has mixtures of experts");
                return;
            }

            if (facts.Mixture is not { } mixture)
            {
                Refuse(architecture != Architecture.DeepSeekV2, "it has no mixtures of experts");
                return;
            }

            Refuse(mixture.HasBias, "its experts are chosen with a balancing bias");
            Refuse(mixture.Router != RouterScore.Softmax, $"its router has {mixture.Router} scores");
            Refuse(mixture.WeightScale != 1 && architecture != Architecture.DeepSeekV2, "the weights of its experts are scaled");
            Refuse(mixture.SharedHidden > 0 && architecture != Architecture.DeepSeekV2, "some of its experts are shared");
            Refuse(
                architecture == Architecture.Mixtral && !mixture.Normalizes,
                "the scores of its chosen experts are not divided by their sum"
            );
            Refuse(
                architecture == Architecture.DeepSeekV2 && mixture.Normalizes,
                "the scores of its chosen experts are divided by their sum"
            );
            var isMixed = facts.Mixtures.Select(other => other is not null).ToList();
            Refuse(architecture == Architecture.Mixtral && isMixed.Contains(false), "some of its blocks are dense");
            Refuse(
                architecture == Architecture.DeepSeekV2 && isMixed.SkipWhile(mixes => !mixes).Contains(false),
                "a dense block stands behind a mixture of experts"
            );
        }

        void RefuseOtherPlacement()
        {
            var expected = architecture switch
            {
                Architecture.Olmo2 => NormPlacement.After,
                Architecture.Gemma2 or Architecture.Gemma3Text => NormPlacement.Both,
                _ => NormPlacement.Before,
            };
            Refuse(
                facts.NormPlacement != expected,
                facts.NormPlacement switch
                {
                    NormPlacement.After => "its norms stand after its sublayers",
                    NormPlacement.Both => "its norms stand before and after its sublayers",
                    _ => "its norms stand before its sublayers",
                }
            );
        }

        // Each has what its configuration says, and nothing that it has no word for.
        void RefuseOtherScales()
        {
            var isGemma = architecture is Architecture.Gemma2 or Architecture.Gemma3Text;
            var usual = 1 / Math.Sqrt(facts.HeadSize);
            if (architecture == Architecture.GptNeo)
                Refuse(facts.ScoreScales.Any(scale => Differ(scale ?? usual, 1)), "its scores are scaled");
            else if (isGemma)
            {
                Refuse(facts.ScoreScales.Distinct().Count() > 1, "its blocks differ in the scale of their scores");
                Refuse(facts.ScoreSoftCaps.Distinct().Count() > 1, "its blocks differ in the cap of their scores");
                Refuse(Differ(facts.EmbeddingScale, Math.Sqrt(facts.Width)), "its embedding is not scaled by the root of its width");
            }
            else
                Refuse(facts.ScoreScales.Any(scale => Differ(scale ?? usual, usual)), "its scores have a scale of their own");

            Refuse(!isGemma && facts.ScoreSoftCaps.Any(cap => cap is not null), "its scores have a soft cap");
            Refuse(!isGemma && facts.EmbeddingScale != 1, "its embedding is scaled");
            Refuse(facts.LogitScale != 1, "its logits are scaled");
            Refuse(!isGemma && facts.LogitSoftCap is not null, "its logits have a soft cap");
        }

        void RefuseOtherRotations()
        {
            var rotations = facts.Rotations.Zip(windows).ToList();
            if (architecture != Architecture.Gemma3Text)
            {
                var only = architecture == Architecture.SmolLm3 ? facts.OnlyRotationWhereRotated : facts.OnlyRotation;
                Refuse(isRotated && only is null, "its blocks differ in how they rotate queries and keys");
                return;
            }

            var local = rotations.Where(pair => pair.Second is not null).Select(pair => pair.First).Distinct().ToList();
            var global = rotations.Where(pair => pair.Second is null).Select(pair => pair.First).Distinct().ToList();
            Refuse(
                local.Count > 1 || global.Count > 1 || (isRotated && facts.Rotations.Any(rotation => rotation is null)),
                "blocks with a window, or those without, differ in how they rotate queries and keys"
            );
            Refuse(local.Exists(rotation => rotation?.Scaling is not null), "rotary frequencies are scaled where there is a window");
        }

        void RefuseOtherQueryKeyNorm()
        {
            var expected = architecture switch
            {
                Architecture.Qwen3 or Architecture.Qwen3Moe or Architecture.Gemma3Text => QueryKeyNorm.Head,
                Architecture.Olmo2 => QueryKeyNorm.Projection,
                _ => QueryKeyNorm.None,
            };
            Refuse(
                facts.QueryKeyNorm != expected,
                expected switch
                {
                    QueryKeyNorm.Head => "its query and key heads are not normalized",
                    QueryKeyNorm.Projection => "its queries and keys are not normalized over all heads",
                    _ => "its queries and keys are normalized",
                }
            );
        }

        void RefuseOtherOutputBias() =>
            Refuse(
                facts.QueryKeyValueBias != facts.OutputBias,
                facts.QueryKeyValueBias
                    ? "queries, keys and values have a bias and the output projection has none"
                    : "the output projection has a bias and queries, keys and values have none"
            );

        void RefuseOtherHeadSize() =>
            Refuse(
                facts.Heads * facts.HeadSize != facts.Width,
                $"{Text(facts.Heads)} heads of {Text(facts.HeadSize)} are not its width of {Text(facts.Width)}"
            );

        void RefuseTwoWindows() =>
            Refuse(
                windows.Where(window => window is not null).Distinct().Count() > 1,
                $"it has windows of several sizes ({WindowText.Of(windows)})"
            );
    }

    private static bool Differ(double left, double right) => Math.Abs(left - right) > 1e-6 * right;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
