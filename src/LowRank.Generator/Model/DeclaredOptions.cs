namespace LowRank.Generator.Model;

/// <summary>Turns each attribute of the language into its options, with the defaults that the attribute classes document.</summary>
internal static class DeclaredOptions
{
    // The arguments that say something about a guide alone.
    private static readonly string[] OfGuides = ["phaseOut", "Schedule"];

    // Those that say something about rotary positions alone.
    private static readonly string[] OfRotation = ["RotaryBase", "RotaryFraction"];

    // Those that say something about the balance of experts.
    private static readonly string[] OfBalance = ["Balance", "BalanceWeight", "BiasStep"];

    // Those that latent attention alone has, and those that it can't have.
    private static readonly string[] OfLatents = ["KeyValueHeads", "QueryKeyNorm", "QueryRank", "RotarySize", "ValueSize", "LatentNorm"];

    public static TransformerOptions Transformer(IAttributeArguments arguments) =>
        new(
            arguments.Argument<int>(0, "vocabulary"),
            arguments.Argument<int>(1, "context"),
            arguments.Argument<int>(2, "width"),
            arguments.Argument<int>(3, "depth"),
            arguments.Named<Positions>("Positions") ?? Positions.Rotary,
            arguments.Named<double>("RotaryBase") ?? 10_000,
            arguments.Named<double>("RotaryFraction") ?? 1,
            arguments.Named<Norm>("Norm") ?? Norm.RmsNorm,
            arguments.Named<double>("NormEpsilon") ?? 1e-5,
            arguments.Named<Bias>("Bias") ?? Bias.None,
            arguments.Named<bool>("TieEmbeddings") ?? false,
            arguments.Named<Residual>("Residual") ?? Residual.Sequential,
            arguments.Named<bool>("ActivationCheckpointing") ?? false
        )
        {
            ScaleEmbeddings = arguments.Named<bool>("ScaleEmbeddings") ?? false,
            EmbeddingScale = arguments.Named<double>("EmbeddingScale"),
            LogitScale = arguments.Named<double>("LogitScale"),
            LogitSoftCap = arguments.Named<double>("LogitSoftCap"),
            NormPlacement = arguments.Named<NormPlacement>("NormPlacement") ?? NormPlacement.Before,
            Causal = arguments.Named<bool>("Causal") ?? true,
            Written = new(OfRotation.Where(arguments.IsWritten)),
        };

    public static AttentionOptions Attention(IAttributeArguments arguments) =>
        new(
            arguments.Argument<int>(0, "heads"),
            arguments.Named<int>("KeyValueHeads"),
            arguments.Named<int>("HeadSize"),
            arguments.Named<QueryKeyNorm>("QueryKeyNorm") ?? QueryKeyNorm.None,
            arguments.Named<int>("Window"),
            arguments.Text("Layers", whenMissing: "..")
        )
        {
            Positions = arguments.Named<Positions>("Positions"),
            RotaryBase = arguments.Named<double>("RotaryBase"),
            RotaryFraction = arguments.Named<double>("RotaryFraction"),
            KeyValueRank = arguments.Named<int>("KeyValueRank"),
            QueryRank = arguments.Named<int>("QueryRank"),
            RotarySize = arguments.Named<int>("RotarySize"),
            ValueSize = arguments.Named<int>("ValueSize"),
            LatentNorm = arguments.Named<bool>("LatentNorm") ?? true,
            Written = new(OfLatents.Where(arguments.IsWritten)),
            Bias = arguments.Named<Projections>("Bias"),
            ScoreScale = arguments.Named<double>("ScoreScale"),
            ScoreSoftCap = arguments.Named<double>("ScoreSoftCap"),
        };

    public static RotaryScalingOptions RotaryScaling(IAttributeArguments arguments) =>
        new(
            arguments.Argument<RotaryScalingType>(0, "type"),
            arguments.Argument<double>(1, "factor"),
            arguments.Named<int>("OriginalContext"),
            arguments.Named<double>("LowFrequencyFactor"),
            arguments.Named<double>("HighFrequencyFactor"),
            arguments.Named<double>("BetaFast"),
            arguments.Named<double>("BetaSlow"),
            arguments.Named<double>("AttentionFactor")
        )
        {
            ShortFactors = arguments.Numbers("ShortFactors"),
            LongFactors = arguments.Numbers("LongFactors"),
        };

    public static FeedForwardOptions FeedForward(IAttributeArguments arguments) =>
        new(
            arguments.Argument<int>(0, "hidden"),
            arguments.Argument<Activation>(1, "activation"),
            arguments.Named<bool>("Gated") ?? false,
            arguments.Text("Layers", whenMissing: "..")
        )
        {
            Bias = arguments.Named<Projections>("Bias"),
        };

    public static LanguageModelOptions LanguageModel(IAttributeArguments arguments, bool isLanguageModule) =>
        new(
            arguments.Argument<int>(0, "vocabulary"),
            arguments.Argument<int>(1, "context"),
            arguments.Argument<int>(2, "width"),
            isLanguageModule
        );

    /// <summary>What <c>[Module]</c> says of the class.</summary>
    public static OwnCosts OwnCosts(IAttributeArguments arguments) =>
        new(
            arguments.Named<long>("OwnParameters"),
            arguments.Named<long>("OwnFlopsPerRow"),
            arguments.Named<long>("KeptPerRow"),
            arguments.Named<long>("StateSize")
        );

    public static ExpertOptions Experts(IAttributeArguments arguments) =>
        new(
            arguments.Argument<int>(0, "count"),
            arguments.Argument<int>(1, "active"),
            arguments.Named<int>("Shared"),
            arguments.Named<RouterScore>("Router") ?? RouterScore.Softmax,
            arguments.Named<bool>("NormalizeWeights"),
            arguments.Named<double>("WeightScale") ?? 1,
            arguments.Named<Balance>("Balance") ?? Balance.Loss,
            arguments.Named<double>("BalanceWeight") ?? 0.01,
            arguments.Named<double>("BiasStep") ?? 0.001
        )
        {
            Written = new(OfBalance.Where(arguments.IsWritten)),
        };

    public static LowRankOptions LowRank(IAttributeArguments arguments, Target origin, bool isInModule = false)
    {
        if (arguments.IsBare)
            return LowRankRecipe.At(origin, isInModule);
        // Of the two constructors one has no rank.
        var hasRank = arguments.Count == 2;
        var activation = arguments.Named<Activation>("Activation");
        return new(
            origin,
            hasRank ? arguments.Argument<int>(0, "rank") : null,
            arguments.Argument<double>(hasRank ? 1 : 0, "phaseOut"),
            arguments.Text("Layers", whenMissing: ".."),
            arguments.Named<Guide>("Guide") ?? LowRankOptions.UsualGuide(activation),
            arguments.Named<Schedule>("Schedule") ?? Schedule.Cosine,
            arguments.Named<double>("Ratio"),
            arguments.Named<Projections>("Projections") ?? Projections.All
        )
        {
            Activation = activation,
            HasResidual = arguments.Named<bool>("Residual") ?? false,
            Initialization = arguments.Named<Initialization>("Initialization") ?? LowRankOptions.UsualInitialization(activation),
            RebalanceEvery = arguments.Named<int>("RebalanceEvery"),
            ProductDecay = arguments.Named<double>("ProductDecay"),
            Written = new(OfGuides.Where(arguments.IsWritten)),
        };
    }

    public static LoraOptions Lora(IAttributeArguments arguments, Target origin) =>
        new(
            origin,
            arguments.Argument<int>(0, "rank"),
            arguments.Argument<double>(1, "alpha"),
            arguments.Named<double>("Dropout") ?? 0,
            arguments.Text("Layers", whenMissing: ".."),
            arguments.Named<Projections>("Projections") ?? Projections.All
        );

    public static TrainingRunOptions TrainingRun(IAttributeArguments arguments) =>
        new(
            arguments.Argument<long>(0, "tokens"),
            arguments.Argument<int>(1, "sequencesPerStep"),
            arguments.Named<int>("SequencesPerMicroBatch"),
            arguments.Named<OptimizerKind>("Optimizer"),
            arguments.Named<double>("LearningRate")
        );

    /// <summary>What <c>[Budget]</c> limits; what is left out is no limit.</summary>
    public static BudgetOptions Budget(IAttributeArguments arguments)
    {
        return new(new(BudgetLimit.Quantities.Select(LimitOf).OfType<BudgetLimit>()), arguments.Named<int>("DecodeSequences") ?? 1);

        BudgetLimit? LimitOf(BudgetQuantity quantity)
        {
            var name = quantity.ToString();
            if (quantity == BudgetQuantity.TrainingFlops)
                return arguments.Named<double>(name) is { } flops ? BudgetLimit.Of(quantity, flops) : null;
            return arguments.Named<long>(name) is { } value ? BudgetLimit.Of(quantity, value) : null;
        }
    }
}
