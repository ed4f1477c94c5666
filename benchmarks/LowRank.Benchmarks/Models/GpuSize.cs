using LowRank.Benchmarks.Peers;
using LowRank.Layers;
using LowRank.Models;

namespace LowRank.Benchmarks.Models;

/// <summary>One width at which steps on a GPU are measured.</summary>
/// <param name="Width">Width of the models.</param>
/// <param name="Depth">Number of blocks.</param>
/// <param name="Heads">Number of heads.</param>
/// <param name="Hidden">Size of the hidden layers.</param>
/// <param name="Setting">What a step reads.</param>
/// <param name="Dense">Builds the dense model.</param>
/// <param name="Quarter">Builds the one with rank width/4 in every layer.</param>
/// <param name="Half">Builds the one with rank width/2 in the feed-forward layers.</param>
internal sealed record GpuSize(
    int Width,
    int Depth,
    int Heads,
    int Hidden,
    StepSetting Setting,
    Func<ModelOptions, LanguageModel> Dense,
    Func<ModelOptions, LanguageModel> Quarter,
    Func<ModelOptions, LanguageModel> Half
)
{
    /// <summary>Two micro-batches of 16,384 tokens.</summary>
    public static GpuSize Thousand { get; } =
        new(
            1_024,
            8,
            16,
            3_072,
            new StepSetting(8_192, 1_024, 16, 2),
            options => new QuarterOfThousand.Dense(options),
            options => new QuarterOfThousand(options),
            options => new HalfOfThousand(options)
        );

    /// <summary>Two micro-batches of 8,192 tokens.</summary>
    public static GpuSize TwoThousand { get; } =
        new(
            2_048,
            8,
            16,
            6_144,
            new StepSetting(8_192, 1_024, 8, 2),
            options => new QuarterOfTwoThousand.Dense(options),
            options => new QuarterOfTwoThousand(options),
            options => new HalfOfTwoThousand(options)
        );

    /// <summary>What runs anywhere in no time.</summary>
    public static GpuSize Tiny { get; } =
        new(
            64,
            2,
            4,
            192,
            new StepSetting(512, 128, 2, 2),
            options => new QuarterOfSixtyFour.Dense(options),
            options => new QuarterOfSixtyFour(options),
            options => new HalfOfSixtyFour(options)
        );

    /// <summary>The three forms of the model: name, rank of the feed-forward layers, rank of attention, builder.</summary>
    public IReadOnlyList<GpuForm> Forms =>
        [
            new("dense", 0, 0, Dense),
            new("factored, width/4 in every layer", Width / 4, Width / 4, Quarter),
            new("factored, width/2 in the feed-forward layers", Width / 2, 0, Half),
        ];

    /// <summary>What the PyTorch peer is told.</summary>
    public object PeerModel(GpuForm form) =>
        new
        {
            vocabulary = Setting.Vocabulary,
            context = Setting.Context,
            width = Width,
            depth = Depth,
            heads = Heads,
            hidden = Hidden,
            rank = form.Rank,
            attentionRank = form.AttentionRank,
        };

    /// <summary>The same model as somebody writes it by hand in TorchSharp.</summary>
    public HandWrittenTransformer HandWritten(GpuForm form) =>
        new(Setting.Vocabulary, Setting.Context, Width, Depth, Heads, Hidden, FormOf(form.Rank), form.Rank, FormOf(form.AttentionRank));

    private static HandWrittenForm FormOf(int rank) => rank == 0 ? HandWrittenForm.Dense : HandWrittenForm.LowRank;
}
