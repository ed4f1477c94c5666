using LowRank.Kernels;

namespace LowRank.Decoding;

/// <summary>One product of a step: entries of one slot to entries of another.</summary>
/// <param name="Weight">The matrix.</param>
/// <param name="From">The slot it reads.</param>
/// <param name="FromOffset">Its first input there.</param>
/// <param name="To">The slot it writes.</param>
/// <param name="ToOffset">Its first output there.</param>
/// <param name="Adds">Whether the outputs are added to what is there.</param>
internal readonly record struct DecodingProduct(WeightMatrix Weight, Slot From, long FromOffset, Slot To, long ToOffset, bool Adds);

/// <summary>Products that don't wait for each other, shared among the threads in chunks of about equally many weights.</summary>
/// <typeparam name="T">How the weights are held.</typeparam>
internal sealed unsafe class ProductStep<T> : DecodingStep
    where T : IElement
{
    // A few microseconds of reading: far more than it costs to take a chunk, little enough to end at about the same time.
    private const long ChunkBytes = 48 << 10;
    private const long TileOutputs = 8;
    private readonly DecodingProduct[] products;
    private readonly (int Product, long First, long End)[] chunks;
    private DecodingBatch? batch;

    public ProductStep(IEnumerable<DecodingProduct> products)
    {
        this.products = [.. products];
        var parts = new List<(int, long, long)>();
        for (var index = 0; index < this.products.Length; index++)
        {
            var weight = this.products[index].Weight;
            var tiles = Math.Max(1, ChunkBytes / (weight.Inputs * T.Size * TileOutputs));
            for (long first = 0; first < weight.Outputs; first += tiles * TileOutputs)
                parts.Add((index, first, Math.Min(weight.Outputs, first + tiles * TileOutputs)));
        }

        chunks = [.. parts];
    }

    public override void Run(DecodingBatch batch)
    {
        this.batch = batch;
        batch.Team.Run(this, chunks.Length);
    }

    public override void Run(int chunk)
    {
        var (index, first, end) = chunks[chunk];
        ref readonly var product = ref products[index];
        var buffers = batch!.Buffers;
        var weight = product.Weight;
        ProductKernel.Run<T>(
            weight.Address,
            weight.Bias,
            weight.Inputs,
            first,
            end,
            buffers.Of(product.From) + product.FromOffset,
            buffers.Width(product.From),
            buffers.Of(product.To) + product.ToOffset,
            buffers.Width(product.To),
            batch.Count,
            product.Adds
        );
    }
}
