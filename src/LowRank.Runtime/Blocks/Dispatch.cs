using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>
/// Which token goes to which expert, sorted: the rows of one expert stand one behind the other, in the order of the tokens, and every token
/// knows where its rows are. Both ways rows are only copied, never scattered into a sum, so that results are the same in every run.
/// </summary>
internal sealed class Dispatch : IDisposable
{
    private readonly long[] counts;

    private Dispatch(Tensor tokens, Tensor places, long[] counts) => (Tokens, Places, this.counts) = (tokens, places, counts);

    /// <summary>The token of each row: int64 <c>[tokens·active]</c>.</summary>
    public Tensor Tokens { get; }

    /// <summary>The rows of each token, by the order of its choices: int64 <c>[active, tokens]</c>.</summary>
    public Tensor Places { get; }

    /// <summary>The experts that have any rows, in their order, with their first row and the number of them.</summary>
    public IEnumerable<(int Expert, long First, long Count)> Runs
    {
        get
        {
            var first = 0L;
            for (var expert = 0; expert < counts.Length; expert++)
            {
                if (counts[expert] > 0)
                    yield return (expert, first, counts[expert]);
                first += counts[expert];
            }
        }
    }

    /// <summary>Sorts. Waits for the device: how many rows an expert has decides the shapes of what follows.</summary>
    /// <param name="chosen">The experts of each token: int64 <c>[tokens, active]</c>.</param>
    /// <param name="experts">Number of experts.</param>
    public static Dispatch Of(Tensor chosen, int experts)
    {
        using var local = chosen.cpu();
        using var accessor = local.data<long>();
        var choices = accessor.ToArray();
        var active = (int)chosen.shape[1];
        var counts = new long[experts];
        foreach (var expert in choices)
            counts[expert]++;
        var next = new long[experts];
        for (var expert = 1; expert < experts; expert++)
            next[expert] = next[expert - 1] + counts[expert - 1];
        var (tokens, places) = (new long[choices.Length], new long[choices.Length]);
        var rows = choices.Length / active;
        for (var token = 0; token < rows; token++)
        {
            for (var slot = 0; slot < active; slot++)
            {
                var place = next[choices[token * active + slot]]++;
                tokens[place] = token;
                places[slot * rows + token] = place;
            }
        }

        return new(tensor(tokens, device: chosen.device), tensor(places, [active, rows], device: chosen.device), counts);
    }

    /// <summary>The rows of all experts: <c>[tokens, width]</c> to <c>[tokens·active, width]</c>.</summary>
    public Tensor Gather(Tensor rows) => rows.index_select(0, Tokens);

    /// <summary>What belongs to the rows of one choice of every token: <c>[tokens·active, …]</c> to <c>[tokens, …]</c>.</summary>
    /// <param name="rows">Sorted rows.</param>
    /// <param name="slot">Which of each token's choices.</param>
    public Tensor Select(Tensor rows, int slot)
    {
        using var places = Places.select(0, slot);
        return rows.index_select(0, places);
    }

    /// <summary>Numbers of each token's choices as numbers of rows: <c>[tokens, active]</c> to <c>[tokens·active, 1]</c>.</summary>
    public Tensor Sorted(Tensor numbers)
    {
        using var transposed = numbers.t();
        using var flat = transposed.reshape(-1, 1);
        using var places = Places.view(-1);
        var sorted = ActivationMemory.EmptyLike(flat);
        sorted.index_copy_(0, places, flat);
        return sorted;
    }

    /// <summary>The other way: <c>[tokens·active]</c> to <c>[tokens, active]</c>.</summary>
    public Tensor ByToken(Tensor numbers)
    {
        using var places = Places.view(-1);
        using var flat = numbers.index_select(0, places);
        using var view = flat.view(Places.shape);
        using var transposed = view.t();
        return transposed.contiguous();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens.Dispose();
        Places.Dispose();
    }
}
