using System.Globalization;
using LowRank.Costs;
using LowRank.Layers;
using LowRank.Training.Distributed;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// Sums the gradients of the ranks, while the backward pass of the step still runs: the flat buffers are the buckets, and those parameters
/// of a block are sent as soon as its pass is done. Of a layer that computes through its effective weight only that weight's gradient is
/// sent, from which those of guide and factors follow everywhere; of all others the factors', r(m+n) numbers instead of mn. Where ranks
/// share the optimizer's state a gradient goes to the rank that needs it, and the new values come back from there.
/// </summary>
internal sealed class GradientReduction
{
    // As large as an engine's slices: smaller ones pay for their latency, larger ones wait longer for the pass.
    private const long BucketBytes = 4 << 20;

    /// <summary>Stands for final norm and head among the blocks.</summary>
    public const int BehindBlocks = Tape.BehindBlocks;

    private const int BeforeBlocks = -1;

    private readonly ICollectives ranks;
    private readonly FlatParameters parameters;
    private readonly Dictionary<Parameter, LowRankLinear> factored = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Parameter, LowRankLinear> guides = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Parameter, int> blocks = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<int> sent = [];
    private readonly List<LowRankLinear> rebalanced = [];
    private readonly List<Tensor> views = [];
    private readonly List<OwnedPart> bucket = [];
    private long bucketBytes;

    /// <summary>Gives all ranks the first one's weights, which they may have drawn or computed differently.</summary>
    /// <param name="parameters">The parameters; shared already where ranks share the optimizer's state.</param>
    /// <param name="ranks">The ranks.</param>
    /// <param name="isSharded">Whether each rank updates a part alone.</param>
    public GradientReduction(FlatParameters parameters, ICollectives ranks, bool isSharded)
    {
        (this.parameters, this.ranks, IsSharded) = (parameters, ranks, isSharded);
        foreach (var linear in parameters.Model.modules().OfType<LowRankLinear>())
        {
            (factored[linear.U], factored[linear.V]) = (linear, linear);
            if (linear.Guide is { } guide)
                guides[guide] = linear;
            linear.IsProjectedHere = !isSharded || OwnerOf(linear) == ranks.Rank;
            linear.IsRebalancedHere = OwnerOf(linear) == ranks.Rank;
        }

        foreach (var slice in parameters.Buffers.SelectMany(buffer => buffer.Slices))
            blocks[slice.Parameter] = BlockOf(slice.Name);
        using var noGradient = no_grad();
        ranks.Broadcast([.. parameters.Model.parameters()], root: 0);
        ranks.Wait();
        foreach (var buffer in parameters.Buffers)
            buffer.Refresh();
    }

    /// <summary>The ranks.</summary>
    public ICollectives Ranks => ranks;

    /// <summary>Whether each rank updates a part alone.</summary>
    public bool IsSharded { get; }

    /// <summary>Begins a step, whose guides are drawn.</summary>
    public void Begin() => sent.Clear();

    /// <summary>
    /// Sends the gradients of a block, which are complete: the last backward pass of the step has left it. One behind the last block are
    /// the
    /// final norm and the head.
    /// </summary>
    /// <param name="block">Its number from 0.</param>
    public void SendBlock(int block)
    {
        using var noGradient = no_grad();
        if (!ranks.RunsBeside || !sent.Add(block))
            return;
        Queue(of => of == block);
        if (bucketBytes >= BucketBytes)
            Send();
    }

    /// <summary>Sends what is left and the step's loss, and waits until all are summed.</summary>
    /// <param name="loss">Float64 numbers that are summed over the ranks, too.</param>
    public void Finish(Tensor loss)
    {
        using var noGradient = no_grad();
        Queue(of => !sent.Contains(of));
        Send();
        ranks.AllReduce([loss]);
        ranks.Wait();
        DisposeViews();
    }

    /// <summary>Sums float64 numbers over the ranks, in place.</summary>
    public void Sum(Tensor numbers)
    {
        ranks.AllReduce([numbers]);
        ranks.Wait();
    }

    /// <summary>
    /// After an update: where each rank has updated a part alone, sends the new values to all and forgets the gradients of what others have
    /// updated.
    /// </summary>
    /// <param name="updated">The buffers that took part.</param>
    public void ShareValues(IReadOnlyList<FlatBuffer> updated)
    {
        if (!IsSharded)
            return;
        foreach (var buffer in updated)
            Cut(buffer, buffer.Values, 0, buffer.Length);
        ranks.AllGather([.. bucket]);
        Forget();
        ranks.Wait();
        DisposeViews();
        foreach (var buffer in updated)
            buffer.Gradients.zero_();
    }

    /// <summary>Takes up a layer whose factors its owner has rewritten; <see cref="ShareRebalanced"/> has to follow.</summary>
    public void AddRebalanced(LowRankLinear linear) => rebalanced.Add(linear);

    /// <summary>After a step: sends the factors that were rewritten by one rank to all.</summary>
    public void ShareRebalanced()
    {
        if (rebalanced.Count == 0)
            return;
        using var noGradient = no_grad();
        ranks.AllGather([
            .. rebalanced.SelectMany(linear =>
                new[] { new OwnedPart(linear.U, OwnerOf(linear)), new OwnedPart(linear.V, OwnerOf(linear)) }
            ),
        ]);
        ranks.Wait();
        foreach (var buffer in rebalanced.Select(parameters.FactorsOf).Distinct())
            buffer.Restart();
        rebalanced.Clear();
    }

    /// <summary>The rank that computes what is computed once for a layer.</summary>
    private int OwnerOf(LowRankLinear linear)
    {
        var buffer = parameters.FactorsOf(linear);
        var slice = buffer.Slices.First(slice => ReferenceEquals(slice.Parameter, linear.U));
        if (IsSharded)
            return buffer.OwnerOf(slice.Offset);
        return (int)(slice.Offset * ranks.World / buffer.Length);
    }

    private void Queue(Func<int, bool> isDue)
    {
        foreach (var buffer in parameters.Buffers.Where(buffer => buffer.ReducedByRule?.Invoke() != true))
        {
            var (start, end) = (0L, 0L);
            foreach (var slice in buffer.Slices.Where(slice => isDue(blocks[slice.Parameter]) && IsSent(slice)))
            {
                // What lies between two parameters is padding.
                if (slice.Offset > Padded(end))
                {
                    Cut(buffer, buffer.Gradients, start, end);
                    start = slice.Offset;
                }

                end = slice.Offset + slice.Count;
            }

            Cut(buffer, buffer.Gradients, start, end);
        }
    }

    private static long Padded(long end) => (end + FlatLayout.Alignment - 1) / FlatLayout.Alignment * FlatLayout.Alignment;

    private bool IsSent(FlatSlice slice) =>
        guides.TryGetValue(slice.Parameter, out var guided)
            ? guided.UsesEffectiveWeight
            : !factored.TryGetValue(slice.Parameter, out var linear) || !linear.UsesEffectiveWeight;

    // A range of a buffer as parts of one owner each, into the bucket.
    private void Cut(FlatBuffer buffer, Tensor tensor, long start, long end)
    {
        for (var rank = 0; rank + 1 < buffer.Cuts.Count; rank++)
        {
            var (from, to) = (Math.Max(start, buffer.Cuts[rank]), Math.Min(end, buffer.Cuts[rank + 1]));
            if (from >= to)
                continue;
            var view = tensor.narrow(0, from, to - from).DetachFromDisposeScope();
            views.Add(view);
            bucket.Add(new OwnedPart(view, rank));
            bucketBytes += (to - from) * tensor.ElementSize;
        }
    }

    private void Send()
    {
        if (bucket.Count == 0)
            return;
        if (IsSharded)
            ranks.ReduceScatter([.. bucket]);
        else
            ranks.AllReduce([.. bucket.Select(part => part.Part)]);
        Forget();
    }

    private void Forget()
    {
        bucket.Clear();
        bucketBytes = 0;
    }

    private void DisposeViews()
    {
        foreach (var view in views)
            view.Dispose();
        views.Clear();
    }

    // Of blocks.3.… it is 3; final norm and head come before all blocks in the backward pass, everything else after them.
    private static int BlockOf(string name) =>
        name.Split('.') switch
        {
            ["blocks", var number, ..] => int.Parse(number, CultureInfo.InvariantCulture),
            ["final_norm" or "head", ..] => BehindBlocks,
            _ => BeforeBlocks,
        };
}
