using System.CommandLine;
using LowRank.Training.Reporting;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>The options that choose among a model's variants.</summary>
internal static class VariantOption
{
    /// <summary><c>--variant</c>: one of them.</summary>
    public static Option<string?> Single() => new("--variant")
    {
        Description = "dense, lowrank, guided or lora. Without it: as declared.",
        HelpName = "NAME",
    };

    /// <summary><c>--variants</c>: several, separated by commas.</summary>
    public static Option<string?> Several() => new("--variants")
    {
        Description = "Which of dense, lowrank and guided to compare, separated by commas. Without it: all that the model has.",
        HelpName = "NAMES",
    };

    /// <summary>The variant that is asked for, or the declared one.</summary>
    /// <exception cref="InputException">There is no such variant, or the model has it not.</exception>
    public static Variant Choose(ModelEntry entry, string? name) => name is null ? entry.DeclaredVariant() : Parse(entry, name.Trim());

    /// <summary>The variants to compare, in the order in which they are shown.</summary>
    /// <exception cref="InputException">There is nothing to compare with, or the model has not what is asked for.</exception>
    public static IReadOnlyList<Variant> ChooseSeveral(ModelEntry entry, string? names)
    {
        if (names is not null)
        {
            var named = names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return named.Length > 0
                ? [.. named.Select(name => Parse(entry, name)).Distinct().Order()]
                : throw new InputException($"--variants takes dense, lowrank and guided, separated by commas, not '{names}'.");
        }

        if (!entry.IsFactored())
            throw new InputException($"{entry.Name} has no factored layer to compare; add [LowRank] to a sublayer, or use 'train'.");
        if (entry.Dense is null)
            throw MissingBaseline(entry);
        // Adapters begin with a trained model, which a comparison from scratch has not.
        return [.. entry.Variants().Where(variant => variant != Variant.Lora)];
    }

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
                Variant.LowRank => new InputException($"{entry.Name} has no factored layer; add [LowRank] to a sublayer, or train it as dense."),
                Variant.Lora => new InputException($"{entry.Name} declares no adapters; add [LoRA] to a sublayer, or use 'finetune --method lora'."),
                _ => new InputException($"{entry.Name} has no guide; give its [LowRank] a phaseOut, or train it as {entry.DeclaredVariant().Key()}."),
            };
        }

        throw new InputException($"There is no variant '{name}'; use dense, lowrank, guided or lora.");
    }

    private static InputException MissingBaseline(ModelEntry entry) =>
        new($"{entry.Name} declares no dense baseline; add [DenseBaseline] to the class, or name other variants.");
}
