using LowRank.EndToEnd.Tests.HandWritten;
using LowRank.Layers;
using LowRank.Training.Optimization;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Optimization;

public sealed class ShardCutsTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Even_ranges_cover_the_buffer_and_differ_by_a_vector_at_most(int world)
    {
        using var model = new SmallTransformer();
        using var parameters = new FlatParameters(model);
        var cuts = new ShardCuts(world, []);
        foreach (var buffer in parameters.Buffers)
        {
            var lengths = Lengths(cuts.Even(buffer));
            Assert.Equal(world, lengths.Count);
            Assert.Equal(buffer.Length, lengths.Sum());
            Assert.InRange(lengths.Max() - lengths.Min(), 0, 2 * 16);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Between_parameters_no_matrix_is_cut_and_the_factors_of_a_layer_stay_together(int world)
    {
        using var model = new SmallTransformer();
        using var parameters = new FlatParameters(model);
        var linears = model.modules().OfType<LowRankLinear>().ToList();
        var cuts = new ShardCuts(world, linears);
        foreach (var buffer in parameters.Lasting)
        {
            var ranges = cuts.BetweenParameters(buffer);
            Assert.Equal(buffer.Length, Lengths(ranges).Sum());
            Assert.Equal(ranges.Order(), ranges);
            var owners = buffer.Slices.ToDictionary(slice => slice.Parameter, slice => Owner(ranges, slice.Offset));
            Assert.All(buffer.Slices, slice => Assert.Equal(owners[slice.Parameter], Owner(ranges, slice.Offset + slice.Count - 1)));
            Assert.All(linears.Where(linear => owners.ContainsKey(linear.U)), linear => Assert.Equal(owners[linear.U], owners[linear.V]));
        }

        static int Owner(IReadOnlyList<long> ranges, long element) =>
            Enumerable.Range(0, ranges.Count - 1).Single(rank => ranges[rank] <= element && element < ranges[rank + 1]);
    }

    [Fact]
    public void Guides_count_where_the_factors_beside_them_are_divided()
    {
        using var model = new SmallTransformer();
        using var parameters = new FlatParameters(model);
        var linears = model.modules().OfType<LowRankLinear>().ToList();
        var factors = parameters.Lasting.Single(buffer => buffer.Kind == ParameterKind.Factor);
        var ranges = new ShardCuts(2, linears).BetweenParameters(factors);
        var shares = new long[2];
        foreach (var linear in linears)
        {
            var place = factors.Slices.First(slice => ReferenceEquals(slice.Parameter, linear.U)).Offset;
            shares[place < ranges[1] ? 0 : 1] +=
                (linear.Guide?.NumberOfElements ?? 0) + linear.U.NumberOfElements + linear.V.NumberOfElements;
        }

        // No layer that moved to the other rank would make them more even.
        var largest = linears.Max(linear => (linear.Guide?.NumberOfElements ?? 0) + linear.U.NumberOfElements + linear.V.NumberOfElements);
        Assert.InRange(Math.Abs(shares[0] - shares[1]), 0, largest);
    }

    private static List<long> Lengths(IReadOnlyList<long> cuts) => [.. cuts.Zip(cuts.Skip(1), (start, end) => end - start)];
}
