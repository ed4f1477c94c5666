using System.Globalization;
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
        Refuse(facts.Residual != Residual.Sequential, "its sublayers run in parallel");
        Refuse(facts.Latent is not null, "its attention is latent (KeyValueRank)");
        Refuse(
            facts.NormPlacement != NormPlacement.Before,
            facts.NormPlacement == NormPlacement.After
                ? "its norms stand after its sublayers"
                : "its norms stand before and after its sublayers"
        );
        var rotation = facts.OnlyRotation;
        var isRotated = facts.Rotations.Any(other => other is not null);
        if (architecture == Architecture.Gpt2)
        {
            Refuse(!facts.LearnedPositions, "its positions are not learned");
            Refuse(facts.LearnedPositions && isRotated, "it rotates queries and keys");
            Refuse(facts.Norm != Norm.LayerNorm, "its norm is not LayerNorm");
            Refuse(!(facts.QueryKeyValueBias && facts.OutputBias && facts.FeedForwardBias), "not all of its linear layers have a bias");
            Refuse(facts.KeyValueHeads != facts.Heads, $"{Text(facts.Heads)} heads share {Text(facts.KeyValueHeads)} key/value heads");
            RefuseOtherHeadSize();
            Refuse(facts.Gated, "its feed-forward layers are gated");
            Refuse(facts.QueryKeyNorm != QueryKeyNorm.None, "its queries and keys are normalized");
            Refuse(isWindowed, $"it has a window ({WindowText.Of(windows)})");
            return reasons;
        }

        Refuse(facts.LearnedPositions || !isRotated, "its positions are not rotary");
        Refuse(isRotated && rotation is null, "its blocks differ in how they rotate queries and keys");
        Refuse(rotation is { Fraction: < 1 }, "only a part of each head is rotated");
        Refuse(facts.Norm != Norm.RmsNorm, "its norm is not RMSNorm");
        Refuse(!facts.Gated, "its feed-forward layers are not gated");
        Refuse(architecture != Architecture.Qwen3 && facts.QueryKeyNorm != QueryKeyNorm.None, "its queries and keys are normalized");
        Refuse(architecture == Architecture.Qwen3 && facts.QueryKeyNorm != QueryKeyNorm.Head, "its query and key heads are not normalized");
        switch (architecture)
        {
            case Architecture.Llama:
                Refuse(
                    facts.QueryKeyValueBias != facts.OutputBias,
                    "queries, keys and values have a bias and the output projection has none"
                );
                Refuse(isWindowed, $"it has a window ({WindowText.Of(windows)})");
                break;
            case Architecture.Mistral:
                Refuse(facts.QueryKeyValueBias || facts.OutputBias || facts.FeedForwardBias, "its linear layers have a bias");
                Refuse(windows.Distinct().Count() > 1, $"its blocks differ in their window ({WindowText.Of(windows)})");
                break;
            case Architecture.Qwen2:
                Refuse(!facts.QueryKeyValueBias, "its queries, keys and values have no bias");
                Refuse(facts.OutputBias || facts.FeedForwardBias, "its other linear layers have a bias");
                RefuseOtherHeadSize();
                RefuseTwoWindows();
                break;
            case Architecture.Qwen3:
                Refuse(
                    facts.QueryKeyValueBias != facts.OutputBias,
                    "queries, keys and values have a bias and the output projection has none"
                );
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

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
