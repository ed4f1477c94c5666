using LowRank.Costs;
using LowRank.Training.Loop;
using LowRank.Training.Runs;

namespace LowRank.Training.Tests.Loop;

/// <summary>Amounts that no machine could hold are refused before memory is allocated.</summary>
public sealed class AmountTests
{
    // 2,000 bytes for each token of a micro-batch.
    private static readonly WorkingMemory Working = new(1_000, 0, 0, 0, 0, 1, 1_000, 0);

    private static readonly ModelEntry Entry = TrainingText.Small with
    {
        Cost = TrainingText.Small.Cost with
        {
            Memory = new MemoryCost(new PhaseMemory(Working, Working), new PhaseMemory(Working, Working), 1),
        },
    };

    [Fact]
    public void A_micro_batch_that_the_machine_has_no_memory_for_names_what_it_needs_and_what_fits()
    {
        var options = TrainingText.Options() with { SequencesPerStep = 1024, SequencesPerMicroBatch = 1024, Context = 32 };
        Refuse(1024 * 32 * 2_000);
        var refused = Assert.Throws<InputException>(() => Refuse(10_000_000));
        Assert.Equal(
            "SequencesPerMicroBatch 1024 of Context 32 needs 62.5 MiB for its activations alone, and this machine has 9.54 MiB; try SequencesPerMicroBatch 128.",
            refused.Message
        );
        refused = Assert.Throws<InputException>(() => Refuse(50_000));
        Assert.EndsWith("try SequencesPerMicroBatch 1 and a shorter Context.", refused.Message, StringComparison.Ordinal);

        void Refuse(long available) => TrainingOptionsCheck.ValidateMemory(options, Entry, Variant.Guided, available);
    }

    [Fact]
    public void A_micro_batch_the_size_of_all_memory_is_refused_by_the_library()
    {
        using var text = new TrainingText();
        var options = TrainingText.Options() with { SequencesPerStep = 60_000_000, SequencesPerMicroBatch = 60_000_000 };
        var refused = Assert.Throws<InputException>(() => new Trainer(Entry, Variant.Guided, text.Data, options, new RecordingObserver()));
        Assert.Contains("TiB for its activations alone", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        long.MaxValue,
        8,
        4,
        "Steps 9223372036854775807 of 256 tokens each (SequencesPerStep 8, Context 32) are more than the 9007199254740992 that a run can count; at most 35184372088832 steps."
    )]
    [InlineData(
        1,
        int.MaxValue,
        int.MaxValue,
        "SequencesPerMicroBatch 2147483647 of Context 32 is 68719476704 tokens in one pass; at most 2147483591 can be, so SequencesPerMicroBatch at most 67108862."
    )]
    public void A_product_that_overflows_names_its_numbers_and_the_largest(long steps, int sequences, int micro, string sentence)
    {
        var options = TrainingText.Options() with { Steps = steps, SequencesPerStep = sequences, SequencesPerMicroBatch = micro };
        Assert.Equal(
            sentence,
            Assert.Throws<InputException>(() => TrainingOptionsCheck.Validate(options, TrainingText.Small.Cost)).Message
        );
    }
}
