using System.Globalization;
using System.Text.Json;
using LowRank.Training.Conversations;
using LowRank.Training.Data;
using LowRank.Training.Json;
using LowRank.Training.Runs;
using LowRank.Training.Runs.Options;

namespace LowRank.Training.Experiments;

/// <summary>From an experiment to its runs.</summary>
internal sealed class ExperimentMatrix(ExperimentFile file)
{
    /// <summary>The model of a contender and how it is trained.</summary>
    public static (ModelEntry Entry, Variant Variant) Subject(Contender contender)
    {
        var entry = ModelLookup.Find(contender.Model);
        // Adapters begin with a trained model.
        var begins = contender.Settings.TryGetValue("from", out var from) && from.ValueKind != JsonValueKind.Null;
        var variant = contender.Variant ?? (begins ? entry.DeclaredVariant() : entry.VariantWithoutAdapters());
        return entry.Variants().Contains(variant) ? (entry, variant)
            : variant == Variant.FlopMatched ? throw new InputException(MissingMatch.Of(entry))
            : throw new InputException(
                $"{entry.Name} can't be trained as {VariantNames.Key(variant)}, which contender '{contender.Name}' asks for."
            );
    }

    /// <summary>Expands everything, so that what is wrong is said before the first run and not after hours.</summary>
    /// <exception cref="InputException">A model, variant or option is wrong; the file and the contender are named.</exception>
    public void Check()
    {
        foreach (var contender in file.Contenders)
        {
            try
            {
                _ = Sweep(contender);
                _ = Final(contender, contender.LearningRates.Cast<double?>().FirstOrDefault());
            }
            catch (InputException exception) when (!exception.Message.StartsWith(file.Path, StringComparison.Ordinal))
            {
                throw new InputException($"{file.Path}: contender '{contender.Name}': {exception.Say(OptionKeys.Of)}");
            }
        }
    }

    /// <summary>The runs that choose a contender's learning rate; none where it gives at most one.</summary>
    /// <remarks>Where the sweep's steps are given, contenders that differ in the FLOPs rule alone have one sweep, that of the
    /// first.</remarks>
    public IReadOnlyList<RunPlan> Sweep(Contender contender)
    {
        if (contender.LearningRates.Count < 2)
            return [];
        var swept = file.SweepSteps is null
            ? contender
            : file.Contenders.First(other => other.LearningRates.SequenceEqual(contender.LearningRates) && other.TrainsLike(contender));
        return
        [
            .. from rate in swept.LearningRates
            from seed in file.SweepSeeds
            select Plan(swept, string.Create(CultureInfo.InvariantCulture, $"sweep-{rate}-seed-{seed}"), true, rate, seed),
        ];
    }

    /// <summary>The runs that are compared.</summary>
    /// <param name="contender">The contender.</param>
    /// <param name="rate">The learning rate that its sweep chose; null for its only one.</param>
    /// <remarks>A chosen rate is part of the name: with further rates another may be chosen, and what was run with the first
    /// stays.</remarks>
    public IReadOnlyList<RunPlan> Final(Contender contender, double? rate) =>
        [
            .. contender.Seeds.Select(seed =>
                Plan(
                    contender,
                    contender.LearningRates.Count > 1
                        ? string.Create(CultureInfo.InvariantCulture, $"rate-{rate}-seed-{seed}")
                        : string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"),
                    false,
                    rate ?? contender.LearningRates.Cast<double?>().FirstOrDefault(),
                    seed
                )
            ),
        ];

    private RunPlan Plan(Contender contender, string name, bool sweep, double? rate, long seed)
    {
        var (entry, variant) = Subject(contender);
        var options = Options(contender, entry, variant, sweep) with { Seed = seed };
        if (rate is { } given)
            options = options with { LearningRate = given };
        TrainingOptionsCheck.Validate(options, entry.Cost);
        TrainingOptionsCheck.ValidateVariant(options, entry, variant);
        if (options.FineTuning is not null && options.From is null)
            throw new InputException("fineTuning changes trained weights; name their run or checkpoint as from.");
        if (options is { FineTuning.Method: FineTuningMethod.GaLore, Optimizer: not OptimizerKind.GaLore })
            throw new InputException("fineTuning by galore takes the optimizer galore.");
        var corpus = Corpus(contender, entry);
        var conversations = Conversations(contender);
        if (conversations is not null && corpus.TokenizerPath is null && (options.From is null || options.ReplaceTokenizer))
            throw TrainingOptionsCheck.NoTokensForTurns();
        return new RunPlan(
            contender.Name,
            $"{contender.Name}/{name}",
            sweep,
            ModelNames.Full(entry),
            variant,
            Declared(entry, variant, options),
            options,
            corpus,
            Also(contender, corpus),
            conversations
        );
    }

    private static DeclaredCost Declared(ModelEntry entry, Variant variant, TrainingOptions options)
    {
        var cost = Variants.Cost(entry, variant);
        return new DeclaredCost(
            options.DenseFrom is null ? cost.Parameters : Variants.Cost(entry, Variant.Dense).Parameters,
            variant == Variant.Guided ? cost.ParametersAtStart : cost.Parameters,
            DensePhase.Flops(entry, variant, options),
            cost.Factors
        );
    }

    private TrainingOptions Options(Contender contender, ModelEntry entry, Variant variant, bool sweep)
    {
        var place = $"contender '{contender.Name}'";
        Func<TrainingOptions, long>? stepsOf =
            sweep && file.SweepSteps is { } shorter ? _ => shorter
            : contender.EqualFlops ? options => StepsOfBaseline(entry, variant, options)
            : null;
        return RunDefaults.Complete(
            entry,
            new GivenSettings(contender.Settings, file.Path, place),
            tokens: contender.Settings.TryGetValue("tokens", out var node)
                ? new JsonPlace(file.Path, place + ".tokens", node).Whole()
                : null,
            stepsOf: stepsOf
        );
    }

    private long StepsOfBaseline(ModelEntry entry, Variant variant, TrainingOptions options)
    {
        // Before its FLOPs are looked for, which mean nothing where it can't be trained.
        TrainingOptionsCheck.ValidateNumbers(options);
        DensePhase.Validate(options, entry, variant);
        var baseline = file.Contenders.Single(candidate => candidate.Name == file.Baseline);
        var (model, how) = Subject(baseline);
        var asked = Options(baseline, model, how, sweep: false);
        TrainingOptionsCheck.ValidateNumbers(asked);
        return EqualFlops.Steps(DensePhase.Flops(model, how, asked), entry, variant, options);
    }

    private CorpusOptions Corpus(Contender contender, ModelEntry entry)
    {
        var corpus = new CorpusOptions { Vocabulary = entry.Vocabulary() };
        JsonPlace At(string key) => new(file.Path, $"contender '{contender.Name}'.{key}", contender.Settings[key]);
        if (contender.Settings.ContainsKey("text"))
            corpus = corpus with { TextPaths = [.. At("text").Elements().Select(path => path.Text("a path"))] };
        if (contender.Settings.ContainsKey("textWeights"))
            corpus = corpus with { TextWeights = [.. At("textWeights").Elements().Select(weight => weight.Real("a number above 0"))] };
        if (contender.Settings.ContainsKey("textColumn"))
            corpus = corpus with { TextColumn = At("textColumn").Text("a name") };
        if (contender.Settings.ContainsKey("tokenizer"))
            corpus = corpus with { TokenizerPath = At("tokenizer").Text("a path") };
        if (contender.Settings.ContainsKey("validationFraction"))
            corpus = corpus with { ValidationFraction = At("validationFraction").Real() };
        if (contender.Settings.ContainsKey("specialTokens"))
            corpus = corpus with { SpecialTokens = At("specialTokens").Flag() };
        if (contender.Settings.ContainsKey("cache"))
            corpus = corpus with { CacheDirectory = At("cache").Text("a path") };
        return corpus;
    }

    private ConversationOptions? Conversations(Contender contender)
    {
        JsonPlace At(string key) => new(file.Path, $"contender '{contender.Name}'.{key}", contender.Settings[key]);
        if (!contender.Settings.ContainsKey("conversations"))
            return contender.Settings.ContainsKey("chatTemplate")
                ? throw At("chatTemplate").Wrong("is about conversations, and there are none; leave it out, or name some")
                : null;
        string[] paths = [.. At("conversations").Elements().Select(path => path.Text("a path"))];
        if (paths.Length == 0)
            throw At("conversations").Wrong("must name at least one file or folder");
        if (Array.Find(["text", "textWeights", "textColumn"], contender.Settings.ContainsKey) is { } other)
            throw At(other).Wrong("is about a text, in the place of which conversations are read; leave one of them out");
        return new ConversationOptions
        {
            Paths = paths,
            ChatTemplate = contender.Settings.ContainsKey("chatTemplate") ? At("chatTemplate").Text("a path, or none") : null,
            TrustSpecialTokens = contender.Settings.ContainsKey("specialTokens") && At("specialTokens").Flag(),
        };
    }

    private CorpusOptions? Also(Contender contender, CorpusOptions corpus)
    {
        if (!contender.Settings.TryGetValue("also", out var node))
            return null;
        string[] paths =
        [
            .. new JsonPlace(file.Path, $"contender '{contender.Name}'.also", node).Elements().Select(path => path.Text("a path")),
        ];
        return corpus with { TextPaths = paths is [CorpusOptions.SdkText] ? [] : paths, TextWeights = [] };
    }
}
