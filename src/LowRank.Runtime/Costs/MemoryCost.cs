using System.ComponentModel;

namespace LowRank.Costs;

/// <summary>What a model needs in memory, from formulas over the generated code; docs/memory.md has them term by term.</summary>
/// <param name="FullPrecision">Training in 32-bit floats.</param>
/// <param name="MixedPrecision">Training with bfloat16 products over 32-bit parameters.</param>
/// <param name="KeyValuesPerToken">Keys and values that decoding keeps per token, in numbers.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record MemoryCost(PhaseMemory FullPrecision, PhaseMemory MixedPrecision, long KeyValuesPerToken)
{
    /// <summary>Numbers that recurrent modules keep of a sequence, however long it is.</summary>
    public long StatePerSequence { get; init; }

    /// <summary>
    /// Bytes of the key/value cache: every attention layer allocates its share for the whole length, and so does a module that has no
    /// state of fixed size.
    /// </summary>
    /// <param name="sequences">Sequences decoded at once.</param>
    /// <param name="tokens">Longest sequence.</param>
    /// <param name="mixed">Whether keys and values are bfloat16.</param>
    public decimal KeyValueCache(int sequences, int tokens, bool mixed) =>
        ((decimal)KeyValuesPerToken * tokens + StatePerSequence)
        * (mixed ? StateMemoryFormula.Bytes16 : StateMemoryFormula.Bytes32)
        * sequences;
}

/// <summary>Working memory in the two phases of training.</summary>
/// <param name="AtStart">While every guide is present.</param>
/// <param name="AtEnd">Through the factors alone.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record PhaseMemory(WorkingMemory AtStart, WorkingMemory AtEnd);
