using LowRank.Kernels;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Layers;

/// <summary>
/// Attention in blocks and its backward pass, held against scores of the whole sequence in double precision and autograd.
/// </summary>
public sealed class BlockAttentionTests
{
    [Theory]
    [InlineData(1, 1, 2, 2, 4, 1)]
    [InlineData(3, 7, 2, 1, 5, 7)]
    [InlineData(2, 16, 4, 4, 8, 3)]
    [InlineData(2, 127, 4, 2, 6, 127)]
    [InlineData(2, 129, 6, 3, 16, 40)]
    [InlineData(1, 300, 8, 2, 64, 300)]
    [InlineData(2, 300, 4, 1, 10, 1)]
    [InlineData(1, 2_100, 6, 3, 8, 2_100)]
    [InlineData(3, 1_000, 12, 3, 4, 130)]
    public void Outputs_and_gradients_are_those_of_the_masked_sequence(
        int batch,
        int sequence,
        int heads,
        int keyValueHeads,
        int headSize,
        int window
    )
    {
        using var scope = NewDisposeScope();
        var case64 = new Case(batch, sequence, heads, keyValueHeads, headSize, window);
        var (expected, expectedGradients) = case64.Reference();
        var (attended, gradients) = case64.ByBlocks(ScalarType.Float32);
        Assert.Equal([batch, sequence, heads * headSize], attended.shape);
        Assert.InRange(Error(attended, expected), 0, 2e-6);
        Assert.InRange(Error(gradients, expectedGradients), 0, 4e-6);
    }

    [Theory]
    [InlineData(3, 7, 2, 1, 5, 7, 1.0, null)]
    [InlineData(2, 129, 6, 3, 16, 40, 0.0625, 1.5)]
    [InlineData(2, 300, 4, 4, 8, 300, null, 0.5)]
    [InlineData(1, 2_100, 6, 3, 8, 2_100, 0.5, 30.0)]
    public void So_are_those_with_a_scale_and_a_cap_of_the_scores(
        int batch,
        int sequence,
        int heads,
        int keyValueHeads,
        int headSize,
        int window,
        double? scale,
        double? cap
    )
    {
        using var scope = NewDisposeScope();
        var case64 = new Case(batch, sequence, heads, keyValueHeads, headSize, window, scores: new(scale, cap));
        var (expected, expectedGradients) = case64.Reference();
        var (attended, gradients) = case64.ByBlocks(ScalarType.Float32);
        Assert.InRange(Error(attended, expected), 0, 2e-6);
        Assert.InRange(Error(gradients, expectedGradients), 0, 4e-6);
        var (rounded, roundedGradients) = case64.ByBlocks(ScalarType.BFloat16);
        Assert.InRange(Error(rounded, expected), 0, 1e-2);
        Assert.InRange(Error(roundedGradients, expectedGradients), 0, 2e-2);
    }

    [Theory]
    [InlineData(700, 6, 3, 700, null, "0 300 301 560", "0 699")]
    [InlineData(700, 4, 1, 100, null, "0 300 301 560", "0")]
    [InlineData(700, 24, 12, 200, 2.5, "0 128 256 600", "0 1 2 3")]
    [InlineData(2_100, 6, 3, 2_100, null, "0 1900")]
    public void In_packed_rows_no_query_sees_another_document(
        int sequence,
        int heads,
        int keyValueHeads,
        int window,
        double? cap,
        params string[] rows
    )
    {
        using var scope = NewDisposeScope();
        int[][] starts = [.. rows.Select(row => row.Split(' ').Select(int.Parse).ToArray())];
        using var documents = new PackedDocuments(starts, sequence);
        var case64 = new Case(starts.Length, sequence, heads, keyValueHeads, 8, window, scores: new(null, cap)) { Documents = documents };
        var (expected, expectedGradients) = case64.Reference();
        var (attended, gradients) = case64.ByBlocks(ScalarType.Float32);
        Assert.InRange(Error(attended, expected), 0, 2e-6);
        Assert.InRange(Error(gradients, expectedGradients), 0, 4e-6);
        var (rounded, roundedGradients) = case64.ByBlocks(ScalarType.BFloat16);
        Assert.InRange(Error(rounded, expected), 0, 1e-2);
        Assert.InRange(Error(roundedGradients, expectedGradients), 0, 2e-2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void In_brain_floats_it_is_as_near_to_the_exact_result_as_the_kernel_of_torch(double size)
    {
        using var scope = NewDisposeScope();
        var exact = new Case(2, 256, 4, 4, 64, 256, size);
        var (expected, expectedGradients) = exact.Reference();
        var (attended, gradients) = exact.ByBlocks(ScalarType.BFloat16);
        var (flash, flashGradients) = exact.ByTorch(ScalarType.BFloat16);
        Assert.InRange(Error(attended, expected), 0, 1.5 * Error(flash, expected));
        Assert.InRange(Error(gradients, expectedGradients), 0, 1.5 * Error(flashGradients, expectedGradients));
    }

    [Fact]
    public void Every_head_of_every_sequence_is_taken_once()
    {
        using var scope = NewDisposeScope();
        foreach (
            var (batch, heads, keyValueHeads, sequence) in new (long, long, long, long)[]
            {
                (5, 8, 8, 64),
                (2, 12, 4, 2_048),
                (3, 6, 2, 700),
                (1, 1, 1, 9_000),
            }
        )
        {
            var taken = HeadRange
                .All(empty(batch, heads, sequence, 1), empty(batch, keyValueHeads, sequence, 1), sequence)
                .SelectMany(range =>
                    from index in Enumerable.Range(0, (int)range.Sequences)
                    from head in Enumerable.Range(0, (int)range.Heads)
                    select (index + range.FirstSequence, head + range.FirstHead)
                )
                .ToList();
            Assert.Equal(batch * heads, taken.Count);
            Assert.Equal(taken.Count, taken.Distinct().Count());
        }
    }

    [Fact]
    public void Every_query_is_in_one_block_with_all_that_it_sees()
    {
        foreach (var (sequence, window) in new (long, long)[] { (1, 1), (128, 128), (300, 50), (300, 300), (257, 1) })
        {
            var blocks = AttentionBlock.All(1, sequence, window, scale: 1).ToList();
            Assert.Equal(sequence, blocks.Sum(block => block.Queries));
            foreach (var block in blocks)
            {
                Assert.True(block.Queries * block.Keys <= AttentionBlock.LargestScores(sequence, window));
                for (long query = 0; query < block.Queries; query++)
                {
                    var (low, high) = block.Seen(query);
                    Assert.Equal(block.FirstQuery + query + 1, block.FirstKey + high);
                    Assert.Equal(Math.Min(window, block.FirstQuery + query + 1), high - low);
                    Assert.True(high <= block.Keys);
                }
            }
        }
    }

    [Fact]
    public void Blocks_of_packed_rows_are_those_of_the_documents_by_themselves()
    {
        using var scope = NewDisposeScope();
        int[][] starts =
        [
            [0, 300, 301, 560],
            [0],
        ];
        using var documents = new PackedDocuments(starts, 700);
        foreach (var window in new[] { 700, 50 })
        {
            var packed = HeadRange
                .All(empty(2, 4, 700, 1), empty(2, 4, 700, 1), window, documents)
                .SelectMany(range => range.Blocks(700, window, 1, 0, documents).Select(block => (range.FirstSequence, block)))
                .ToList();
            // No product of a query and a key of another document.
            Assert.All(
                packed,
                each =>
                {
                    var document = documents.Of(each.FirstSequence).Last(document => document.Start <= each.block.FirstQuery);
                    Assert.InRange(each.block.FirstKey, document.Start, each.block.FirstQuery);
                    Assert.InRange(each.block.FirstQuery + each.block.Queries, document.Start + 1, document.Start + document.Length);
                }
            );
            var alone = documents.All.SelectMany(document => AttentionBlock.All(4, document.Length, window, 1));
            Assert.Equal(
                alone.Sum(block => block.Heads * block.Queries * block.Keys),
                packed.Sum(each => each.block.Heads * each.block.Queries * each.block.Keys)
            );
            Assert.Equal(2 * 4 * 700, packed.Sum(each => each.block.Heads * each.block.Queries));
        }
    }

    private static double Error(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        return ((actual.to(ScalarType.Float64) - expected).norm() / expected.norm()).item<double>();
    }

    private sealed class Case
    {
        private readonly Tensor queries,
            keys,
            values,
            upstream;
        private readonly int batch,
            sequence,
            heads,
            keyValueHeads,
            window;
        private readonly ScoreForm form;

        public PackedDocuments? Documents { get; init; }

        // The inputs are bfloat16, so that every precision begins with the same numbers.
        public Case(
            int batch,
            int sequence,
            int heads,
            int keyValueHeads,
            int headSize,
            int window,
            double size = 1,
            ScoreForm scores = default
        )
        {
            form = scores;
            (this.batch, this.sequence, this.heads, this.keyValueHeads, this.window) = (batch, sequence, heads, keyValueHeads, window);
            using var generator = new Generator(7);
            Tensor Draw(params long[] shape)
            {
                using var scope = NewDisposeScope();
                return scope.MoveToOuter((randn(shape, generator: generator) * size).to(ScalarType.BFloat16).to(ScalarType.Float64));
            }

            queries = Draw(batch, sequence, heads, headSize);
            keys = Draw(batch, sequence, keyValueHeads, headSize);
            values = Draw(batch, sequence, keyValueHeads, headSize);
            upstream = Draw(batch, sequence, heads * headSize);
        }

        public (Tensor Output, Tensor Gradients) Reference() =>
            Differentiate(
                ScalarType.Float64,
                (q, k, v) =>
                {
                    using var scope = NewDisposeScope();
                    var products = q.transpose(1, 2).matmul(Spread(k).transpose(1, 2).transpose(2, 3));
                    var scores = products * (form.Scale ?? 1 / Math.Sqrt(q.shape[3]));
                    if (form.SoftCap is { } cap)
                        scores = (scores / cap).tanh() * cap;
                    var seen = ones(sequence, sequence, ScalarType.Bool).tril().triu(1 - window);
                    if (Documents is not null)
                        seen = seen.logical_and(SameDocument()).unsqueeze(1);
                    return scope.MoveToOuter(
                        scores.masked_fill(seen.logical_not(), double.NegativeInfinity).softmax(-1).matmul(Spread(v).transpose(1, 2))
                    );
                }
            );

        public (Tensor Output, Tensor Gradients) ByTorch(ScalarType type) =>
            Differentiate(
                type,
                (q, k, v) =>
                {
                    using var scope = NewDisposeScope();
                    return scope.MoveToOuter(
                        nn.functional.scaled_dot_product_attention(
                            q.transpose(1, 2),
                            Spread(k).transpose(1, 2),
                            Spread(v).transpose(1, 2),
                            is_casual: true
                        )
                    );
                }
            );

        public (Tensor Output, Tensor Gradients) ByBlocks(ScalarType type)
        {
            using var noGradient = no_grad();
            using var tape = new Tape(new ModelOptions()) { Documents = Documents };
            var output = BlockAttention.Record(queries.to(type), keys.to(type), values.to(type), window, tape, form);
            var gradients = BlockAttention.Backward(upstream.to(type), window, isJoined: true, tape, form).Join();
            Assert.Equal(0, tape.Count);
            return (output, gradients);
        }

        private (Tensor Output, Tensor Gradients) Differentiate(ScalarType type, Func<Tensor, Tensor, Tensor, Tensor> attend)
        {
            using var scope = NewDisposeScope();
            Tensor[] leaves = [.. new[] { queries, keys, values }.Select(tensor => tensor.to(type).detach().clone().requires_grad_(true))];
            var output = attend(leaves[0], leaves[1], leaves[2]).transpose(1, 2).reshape(batch, sequence, -1);
            output.backward([upstream.to(type)]);
            return scope.MoveToOuter(output.detach(), cat([.. leaves.Select(leaf => leaf.grad!)], 2));
        }

        // [batch, sequence, sequence]
        private Tensor SameDocument()
        {
            using var scope = NewDisposeScope();
            var numbers = new long[batch * sequence];
            foreach (var (index, span) in Documents!.All.Index())
                Array.Fill(numbers, index, span.Row * sequence + span.Start, span.Length);
            var documents = tensor(numbers).view(batch, sequence);
            return scope.MoveToOuter(documents.unsqueeze(1).eq(documents.unsqueeze(2)));
        }

        private Tensor Spread(Tensor tensor) => tensor.repeat_interleave(heads / keyValueHeads, 2);
    }
}
