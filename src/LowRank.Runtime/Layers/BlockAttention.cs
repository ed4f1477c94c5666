using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// Causal attention over whole sequences, differentiated by hand: products of blocks of queries with the keys in their sight, so that
/// little is computed that the mask hides, and a fused softmax between them. The weights are not kept: the backward pass forms them again
/// from the logarithms of their sums, as FlashAttention does (Dao et al., 2022, arXiv:2205.14135).
/// </summary>
internal static unsafe class BlockAttention
{
    /// <summary>Whether a pass can take this way: 32-bit or bfloat16 in the CPU's memory.</summary>
    public static bool Takes(Tensor queries) =>
        queries.device_type == TorchSharp.DeviceType.CPU && queries.dtype is ScalarType.Float32 or ScalarType.BFloat16;

    /// <summary>Softmax of the scores, with a causal mask, times V.</summary>
    /// <param name="queries"><c>[batch, sequence, heads, headSize]</c>.</param>
    /// <param name="keys"><c>[batch, sequence, keyValueHeads, headSize]</c>.</param>
    /// <param name="values"><c>[batch, sequence, keyValueHeads, valueSize]</c>.</param>
    /// <param name="window">Number of tokens that a token sees, itself included.</param>
    /// <param name="tape">Keeps what the backward pass needs.</param>
    /// <param name="scores">How scores are formed.</param>
    /// <returns><c>[batch, sequence, heads·valueSize]</c>.</returns>
    /// <remarks>Queries see the keys of their own document alone, where the tape has documents: products cost what these cost.</remarks>
    public static Tensor Record(Tensor queries, Tensor keys, Tensor values, long window, Tape tape, ScoreForm scores = default)
    {
        var (q, k, v) = (HeadRange.ByHeads(queries), HeadRange.ByHeads(keys), HeadRange.ByHeads(values));
        var (batch, heads, sequence, size) = (q.shape[0], q.shape[1], q.shape[2], q.shape[3]);
        using var attended = ActivationMemory.Empty([batch, sequence, heads, v.shape[3]], q.dtype, q.device);
        // In the order in which the blocks are visited, both ways.
        var normalizers = empty(batch * heads * sequence, ScalarType.Float32);
        var place = (float*)TensorMemory.Address(normalizers);
        var documents = tape.Documents;
        var (scale, cap) = ((float)scores.ScaleOf(size), (float)(scores.SoftCap ?? 0));
        foreach (var range in HeadRange.All(q, k, window, documents))
        {
            using var rangeQueries = range.Of(q);
            using var rangeKeys = range.Shared(k);
            using var rangeValues = range.Shared(v);
            using var exactQueries = rangeQueries.to(ScalarType.Float32);
            using var exactKeys = rangeKeys.to(ScalarType.Float32);
            foreach (var block in range.Blocks(sequence, window, scale, cap, documents))
            {
                using var seenValues = rangeValues.narrow(1, block.FirstKey, block.Keys);
                using var products = Products(exactQueries, exactKeys, block);
                using var weights = WeightsBeside(products, q.dtype);
                var read = (float*)TensorMemory.Address(products);
                var written = TensorMemory.Address(weights);
                if (q.dtype == ScalarType.Float32)
                    CausalSoftmaxKernel.Forward<Float32Element>(read, written, place, block);
                else
                    CausalSoftmaxKernel.Forward<BFloat16Element>(read, written, place, block);
                place += block.Heads * block.Queries;
                using var product = weights.bmm(seenValues);
                range.Store(product, attended, block.FirstQuery, range.FirstHead);
            }
        }

        tape.Keep(q);
        tape.Keep(k);
        tape.Keep(v);
        tape.Keep(normalizers);
        return attended.view(batch, sequence, heads * v.shape[3]);
    }

    /// <summary>The backward pass.</summary>
    /// <param name="gradient">Gradient of the output, <c>[batch, sequence, heads·valueSize]</c>.</param>
    /// <param name="window">As before.</param>
    /// <param name="isJoined">Whether the gradients stand side by side in one tensor.</param>
    /// <param name="tape">What <see cref="Record"/> has left.</param>
    /// <param name="scores">As before.</param>
    /// <returns>Gradients of queries, keys and values. The caller disposes them.</returns>
    public static HeadGradients Backward(Tensor gradient, long window, bool isJoined, Tape tape, ScoreForm scores = default)
    {
        using var normalizers = tape.Take();
        using var v = tape.Take();
        using var k = tape.Take();
        using var q = tape.Take();
        var (batch, heads, sequence, size) = (q.shape[0], q.shape[1], q.shape[2], q.shape[3]);
        using var split = gradient.view(batch, sequence, heads, v.shape[3]);
        using var outward = HeadRange.ByHeads(split);
        var gradients = HeadGradients.Empty(q, k, v, isJoined);
        var place = (float*)TensorMemory.Address(normalizers);
        var documents = tape.Documents;
        var (scale, cap) = ((float)scores.ScaleOf(size), (float)(scores.SoftCap ?? 0));
        foreach (var range in HeadRange.All(q, k, window, documents))
        {
            using var rangeQueries = range.Of(q);
            using var rangeKeys = range.Shared(k);
            using var rangeValues = range.Shared(v);
            using var exactQueries = rangeQueries.to(ScalarType.Float32);
            using var exactKeys = rangeKeys.to(ScalarType.Float32);
            using var rangeOutward = range.Of(outward);
            using var keyGradient = zeros_like(rangeKeys);
            using var valueGradient = zeros_like(rangeValues);
            foreach (var block in range.Blocks(sequence, window, scale, cap, documents))
            {
                using var blockQueries = rangeQueries.narrow(1, block.FirstQuery, block.Queries);
                using var blockOutward = rangeOutward.narrow(1, block.FirstQuery, block.Queries);
                using var seenKeys = rangeKeys.narrow(1, block.FirstKey, block.Keys);
                using var seenValues = rangeValues.narrow(1, block.FirstKey, block.Keys);
                using var seenValuesT = seenValues.transpose(1, 2);
                using var products = Products(exactQueries, exactKeys, block);
                using var weights = WeightsBeside(products, q.dtype);
                using var slopes = blockOutward.bmm(seenValuesT);
                var read = (float*)TensorMemory.Address(products);
                var written = TensorMemory.Address(weights);
                if (q.dtype == ScalarType.Float32)
                    CausalSoftmaxKernel.Backward<Float32Element>(read, written, place, TensorMemory.Address(slopes), block);
                else
                    CausalSoftmaxKernel.Backward<BFloat16Element>(read, written, place, TensorMemory.Address(slopes), block);
                place += block.Heads * block.Queries;
                AddTransposedProduct(valueGradient, weights, blockOutward, block);
                AddTransposedProduct(keyGradient, slopes, blockQueries, block);
                using var queryGradient = slopes.bmm(seenKeys);
                range.Store(queryGradient, gradients.Queries, block.FirstQuery, range.FirstHead);
            }

            range.StoreShared(keyGradient, gradients.Keys, firstHead: 0);
            range.StoreShared(valueGradient, gradients.Values, firstHead: 0);
        }

        return gradients;
    }

    // Scores in bfloat16 would be off by whole tenths where they are large, and their exponentials with them.
    private static Tensor Products(Tensor queries, Tensor keys, in AttentionBlock block)
    {
        using var blockQueries = queries.narrow(1, block.FirstQuery, block.Queries);
        using var seenKeys = keys.narrow(1, block.FirstKey, block.Keys);
        using var transposed = seenKeys.transpose(1, 2);
        return blockQueries.bmm(transposed);
    }

    private static Tensor WeightsBeside(Tensor products, ScalarType type) =>
        products.dtype == type ? products.alias() : empty(products.shape, type);

    private static void AddTransposedProduct(Tensor sum, Tensor left, Tensor right, in AttentionBlock block)
    {
        using var transposed = left.transpose(1, 2);
        using var product = transposed.bmm(right);
        using var seen = sum.narrow(1, block.FirstKey, block.Keys);
        seen.AddInPlace(product);
    }
}
