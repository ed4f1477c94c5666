using LowRank.Costs;
using LowRank.Generator.Costs;

namespace LowRank.Generator.Emission;

/// <summary>The memory's constants, and once more as a record for tools.</summary>
internal static class MemorySource
{
    public static void Write(SourceWriter writer, MemoryTotals memory)
    {
        writer.Line();
        writer.Write("/// <summary>Memory, in bytes. docs/memory.md has the terms.</summary>");
        using (writer.Block("public static class Memory"))
        {
            Write(
                writer,
                "Parameters, guides, gradients, moments and effective weights at the first step.",
                "StateAtStart",
                memory.StateAtStart,
                isFirst: true
            );
            Write(writer, "Parameters, gradients and moments once every guide is gone.", "StateAtEnd", memory.StateAtEnd);
            Write(
                writer,
                "Activations kept for the backward pass per token of a micro-batch, at the first step (fp32).",
                "ActivationsPerTokenAtStart",
                memory.FullPrecision.AtStart.KeptPerToken
            );
            Write(
                writer,
                "Activations kept for the backward pass per token of a micro-batch, once every guide is gone (fp32).",
                "ActivationsPerTokenAtEnd",
                memory.FullPrecision.AtEnd.KeptPerToken
            );
            Write(
                writer,
                "Activations kept for the backward pass per token of a micro-batch, at the first step (bf16).",
                "ActivationsPerTokenAtStartBf16",
                memory.MixedPrecision.AtStart.KeptPerToken
            );
            Write(
                writer,
                "Activations kept for the backward pass per token of a micro-batch, once every guide is gone (bf16).",
                "ActivationsPerTokenAtEndBf16",
                memory.MixedPrecision.AtEnd.KeptPerToken
            );
            WriteTraining(
                writer,
                "Training at the declared micro-batch, at the first step (fp32).",
                "TrainingAtStart",
                memory.TrainingAtStart(memory.FullPrecision)
            );
            WriteTraining(
                writer,
                "Training at the declared micro-batch, once every guide is gone (fp32).",
                "TrainingAtEnd",
                memory.TrainingAtEnd(memory.FullPrecision)
            );
            WriteTraining(
                writer,
                "Training at the declared micro-batch, at the first step (bf16 products over fp32 parameters).",
                "TrainingAtStartBf16",
                memory.TrainingAtStart(memory.MixedPrecision)
            );
            WriteTraining(
                writer,
                "Training at the declared micro-batch, once every guide is gone (bf16 products over fp32 parameters).",
                "TrainingAtEndBf16",
                memory.TrainingAtEnd(memory.MixedPrecision)
            );
            Write(
                writer,
                "Keys and values that decoding keeps per token of a sequence (fp32).",
                "KeyValuesPerToken",
                memory.KeyValueBytesPerToken(StateMemoryFormula.Bytes32)
            );
            Write(
                writer,
                "Keys and values that decoding keeps per token of a sequence (bf16).",
                "KeyValuesPerTokenBf16",
                memory.KeyValueBytesPerToken(StateMemoryFormula.Bytes16)
            );
            if (memory.StatePerSequence > 0)
            {
                Write(
                    writer,
                    "State that decoding keeps of a sequence, however long it is (fp32).",
                    "StatePerSequence",
                    (decimal)memory.StatePerSequence * StateMemoryFormula.Bytes32
                );
            }

            Write(
                writer,
                "Decoding one sequence at the full context: weights, keys and values (fp32).",
                "Decode",
                memory.Decode(sequences: 1)
            );
        }
    }

    /// <summary>The record's expression.</summary>
    public static string New(MemoryTotals memory) =>
        $"""
            new(
                FullPrecision: new(
                    AtStart: {New(memory.FullPrecision.AtStart)},
                    AtEnd: {New(memory.FullPrecision.AtEnd)}),
                MixedPrecision: new(
                    AtStart: {New(memory.MixedPrecision.AtStart)},
                    AtEnd: {New(memory.MixedPrecision.AtEnd)}),
                KeyValuesPerToken: {Literals.Of(memory.KeyValuesPerToken)})
            """ + (memory.StatePerSequence == 0 ? "" : $" {{ StatePerSequence = {Literals.Of(memory.StatePerSequence)} }}");

    private static string New(WorkingMemory memory) =>
        "new(\n            "
        + string.Join(
            ",\n            ",
            new (string Name, long Value)[]
            {
                ("KeptPerToken", memory.KeptPerToken),
                ("CastWeights", memory.CastWeights),
                ("HeadPerToken", memory.HeadPerToken),
                ("HeadPerRow", memory.HeadPerRow),
                ("HeadWeights", memory.HeadWeights),
                ("RowsPerChunk", memory.RowsPerChunk),
                ("BackwardPerToken", memory.BackwardPerToken),
                ("WeightGradient", memory.WeightGradient),
            }.Select(term => $"{term.Name}: {Literals.Of(term.Value)}")
        )
        + ")";

    private static void WriteTraining(SourceWriter writer, string summary, string name, decimal? value)
    {
        if (value is { } known)
            Write(writer, summary, name, known);
    }

    // Decimal as the training totals: the largest model's micro-batch does not fit an Int64 either.
    private static void Write(SourceWriter writer, string summary, string name, decimal value, bool isFirst = false)
    {
        if (!isFirst)
            writer.Line();
        writer.Write($"/// <summary>{summary}</summary>\npublic const decimal {name} = {Literals.Grouped(value)}m;");
    }
}
