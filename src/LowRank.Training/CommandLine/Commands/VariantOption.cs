using System.CommandLine;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>The options that choose among a model's variants.</summary>
internal static class VariantOption
{
    /// <summary><c>--variant</c>: one of them.</summary>
    /// <param name="adapters">When declared adapters are a part of what is trained without it.</param>
    public static Option<string?> Single(string adapters) =>
        new("--variant")
        {
            Description = $"dense, flop-matched, lowrank, guided or lora. Without it: as declared, adapters {adapters}.",
            HelpName = "NAME",
        };

    /// <summary><c>--variants</c>: several, separated by commas.</summary>
    public static Option<string?> Several() =>
        new("--variants")
        {
            Description =
                "Which of dense, flop-matched, lowrank and guided to compare, separated by commas. "
                + "Without it: all that the model has but flop-matched, which would take another run.",
            HelpName = "NAMES",
        };

    /// <summary>The variant that is asked for, or the declared one; without a trained model for its adapters, that without them.</summary>
    /// <param name="app">Says where adapters are left out.</param>
    /// <param name="entry">The model.</param>
    /// <param name="name">What is asked for; null for nothing.</param>
    /// <param name="from">The checkpoint beside whose weights adapters are trained; null for none.</param>
    /// <exception cref="InputException">There is no such variant, or the model has it not.</exception>
    public static Variant Choose(AppSession app, ModelEntry entry, string? name, string? from)
    {
        if (name is not null)
            return Parse(entry, name.Trim());
        var declared = entry.DeclaredVariant();
        if (declared != Variant.Lora || from is not null)
            return declared;
        var chosen = entry.VariantWithoutAdapters();
        app.Say(
            $"Note: {entry.Name} is taken as {chosen.Key()}, without the adapters that it declares; 'train --variant lora --from' trains those, beside a trained model."
        );
        return chosen;
    }

    /// <summary>The variants to compare, in the order in which they are shown.</summary>
    /// <exception cref="InputException">There is nothing to compare with, or the model has not what is asked for.</exception>
    public static IReadOnlyList<Variant> ChooseSeveral(ModelEntry entry, string? names)
    {
        if (names is not null)
        {
            var named = names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var chosen = named.Select(name => Parse(entry, name)).Distinct().Order().ToList();
            if (chosen.Contains(Variant.Lora))
                throw new InputException(
                    "Adapters are trained beside a trained model, and 'compare' trains from the beginning; leave lora out of --variants, or use 'train --variant lora --from CHECKPOINT'."
                );
            return chosen.Count > 0
                ? chosen
                : throw new InputException(
                    $"--variants takes dense, flop-matched, lowrank and guided, separated by commas, not '{names}'."
                );
        }

        if (!entry.IsFactored())
            throw new InputException($"{entry.Name} has no factored layer to compare; add [LowRank] to a sublayer, or use 'train'.");
        if (entry.Dense is null)
            throw MissingBaseline(entry);
        return [.. Comparable(entry).Where(variant => variant != Variant.FlopMatched)];
    }

    /// <summary>What a comparison without <c>--variants</c> leaves out, and how to have it; null for nothing.</summary>
    public static string? LeftOut(ModelEntry entry) =>
        entry.FlopMatched is { } matched
            ? $"Note: {matched.Name}, the dense model of as many forward FLOPs per token, was left out; --variants {string.Join(',', Comparable(entry).Select(variant => variant.Key()))} trains it, too."
            : null;

    // Adapters begin with a trained model, which a comparison from scratch has not.
    private static IEnumerable<Variant> Comparable(ModelEntry entry) => entry.Variants().Where(variant => variant != Variant.Lora);

    private static Variant Parse(ModelEntry entry, string name)
    {
        foreach (var variant in Enum.GetValues<Variant>())
        {
            if (!string.Equals(variant.Key(), name, StringComparison.OrdinalIgnoreCase))
                continue;
            if (entry.Variants().Contains(variant))
                return variant;
            throw variant switch
            {
                Variant.Dense => MissingBaseline(entry),
                Variant.FlopMatched => new InputException(MissingMatch.Of(entry)),
                Variant.LowRank => new InputException(
                    $"{entry.Name} has no factored layer; add [LowRank] to a sublayer, or train it as dense."
                ),
                Variant.Lora => new InputException(
                    $"{entry.Name} declares no adapters; add [LoRA] to a sublayer, or use 'finetune --method lora'."
                ),
                _ => new InputException(
                    $"{entry.Name} has no guide; give its [LowRank] a phaseOut, or train it as {entry.DeclaredVariant().Key()}."
                ),
            };
        }

        throw new InputException($"There is no variant '{name}'; use dense, flop-matched, lowrank, guided or lora.");
    }

    private static InputException MissingBaseline(ModelEntry entry) =>
        new($"{entry.Name} declares no dense baseline; add [DenseBaseline] to the class, or name other variants.");
}
