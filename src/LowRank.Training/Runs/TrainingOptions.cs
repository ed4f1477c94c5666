using System.Text.Json.Serialization;
using LowRank.Training.Optimization;

namespace LowRank.Training.Runs;

/// <summary>How a run is trained. The defaults of the optimizer are those of Wei et al. (2024) but for β₂.</summary>
public sealed record TrainingOptions
{
    // Of its reference.
    internal const double GaLoreLearningRate = 0.01;

    /// <summary>Optimizer steps.</summary>
    public required long Steps { get; init; }

    /// <summary>Sequences in one optimizer step.</summary>
    public required int SequencesPerStep { get; init; }

    /// <summary>Sequences in one forward and backward pass; must divide the step's.</summary>
    public required int SequencesPerMicroBatch { get; init; }

    /// <summary>Tokens in one sequence; at most the model's context.</summary>
    public required int Context { get; init; }

    /// <summary>
    /// Whether the documents within a sequence don't see each other: attention ends at the end-of-text tokens, behind which positions begin
    /// anew. Examples never see each other, whatever this says.
    /// </summary>
    public bool DocumentMasks { get; init; }

    /// <summary>The optimizer. <see cref="WithOptimizer"/> sets it with its reference's defaults.</summary>
    [JsonConverter(typeof(OptimizerKindConverter))]
    public OptimizerKind Optimizer { get; init; }

    /// <summary>Peak learning rate.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Fraction of the steps over which the rate rises linearly.</summary>
    public double WarmupFraction { get; init; } = 0.1;

    /// <summary>The rate at the end, as a fraction of the peak; in between it follows a cosine.</summary>
    public double FinalLearningRateFraction { get; init; } = 0.1;

    /// <summary>Momentum of Muon and Spectron; null for their references' 0.95 and 0.9.</summary>
    public double? Momentum { get; init; }

    /// <summary>
    /// Fraction of the steps that train factors alone: at step <c>⌊Steps · DenseFrom⌋</c> they are merged into dense layers, which the rest
    /// of the run trains, with a new optimizer state and a warm-up of a hundredth of the steps. Null for factors to the end.
    /// </summary>
    public double? DenseFrom { get; init; }

    /// <summary>
    /// Peak of Spectron's own learning rate η, which bounds how far UV moves in the spectral norm; it follows the schedule of the other.
    /// </summary>
    public double SpectronLearningRate { get; init; } = 0.01;

    /// <summary>Rank to which GaLore projects gradients.</summary>
    public int GaLoreRank { get; init; } = GaLoreOptions.UsualRank;

    /// <summary>Updates after which GaLore chooses its projections anew.</summary>
    public int GaLoreGap { get; init; } = 200;

    /// <summary>What GaLore's update is multiplied by when it is projected back.</summary>
    public double GaLoreScale { get; init; } = 0.25;

    /// <summary>Decoupled weight decay, on every parameter.</summary>
    public double WeightDecay { get; init; } = 0.1;

    /// <summary>β₁ of AdamW.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂ of AdamW. 0.95 suits the short runs of small models; the paper's is 0.999.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>ε of AdamW.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Largest norm of the whole gradient; a larger one is scaled down to it.</summary>
    public double ClipNorm { get; init; } = 1.0;

    /// <summary>Seed of weights, data order and guide draws.</summary>
    public long Seed { get; init; }

    /// <summary><c>cpu</c> or <c>cuda</c>, with an index as in <c>cuda:1</c> where there are several.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary><c>fp32</c> or <c>bf16</c> (mixed: 32-bit parameters, norms and loss).</summary>
    public string Precision { get; init; } = "fp32";

    /// <summary>
    /// Whether products of 32-bit floats are computed in TensorFloat-32, on CUDA alone: faster, their factors rounded to 10 bits of
    /// fraction. False leaves libtorch's setting as it is, which is off unless the program has set it.
    /// </summary>
    public bool Tf32 { get; init; }

    /// <summary>What several processes that train the model together divide among them beside the sequences; nothing unless set.</summary>
    [JsonConverter(typeof(ShardingConverter))]
    public Sharding Sharding { get; init; }

    /// <summary>
    /// Steps after which losses and gradient norms are read from the device, all of them at once; null for 1 on the CPU and 10 elsewhere.
    /// A diverged run is noticed at a reading. Evaluations, checkpoints and the end read first.
    /// </summary>
    public int? LogEvery { get; init; }

    /// <summary>Steps between evaluations; the first and the last step are always evaluated.</summary>
    public long EvaluateEvery { get; init; } = 100;

    /// <summary>Sequences of the validation text at each point of the validation curve, the last one included.</summary>
    public int EvaluationSequences { get; init; } = 64;

    /// <summary>Sequences of the validation text for the final loss, a figure of its own beside the curve.</summary>
    public int FinalEvaluationSequences { get; init; } = 512;

    /// <summary>Steps between checkpoints; 0 saves only at the end and when stopped.</summary>
    public long CheckpointEvery { get; init; }

    /// <summary>Folder of this run's checkpoints and metrics log; null keeps nothing.</summary>
    public string? Output { get; init; }

    /// <summary>
    /// The folder of a run or checkpoint whose weights the run begins with, such as an imported one; null draws them. The optimizer, the
    /// schedules and the count of steps begin anew.
    /// </summary>
    public string? From { get; init; }

    /// <summary>
    /// Whether the text may have another tokenizer than the weights of <see cref="From"/> were trained with: its ids mean nothing to them
    /// at first. Otherwise another one is refused.
    /// </summary>
    public bool ReplaceTokenizer { get; init; }

    /// <summary>What is changed about the model of <see cref="From"/> before it is trained on; null for nothing.</summary>
    public FineTuningOptions? FineTuning { get; init; }

    /// <summary>
    /// Whether to go on from the newest whole checkpoint under <see cref="Output"/>. A run that has none yet begins; one whose checkpoints
    /// are all damaged is refused.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>
    /// Chooses an optimizer with its reference's defaults. GaLore's are a learning rate of 0.01, no weight decay, β₂ = 0.999 and ε = 1e-6;
    /// the others go with the options as they are.
    /// </summary>
    /// <param name="kind">The optimizer.</param>
    public TrainingOptions WithOptimizer(OptimizerKind kind) =>
        kind == OptimizerKind.GaLore && Optimizer != kind
            ? this with
            {
                Optimizer = kind,
                LearningRate = GaLoreLearningRate,
                WeightDecay = 0,
                Beta2 = 0.999,
                Epsilon = 1e-6,
            }
            : this with
            {
                Optimizer = kind,
            };
}
