using System.Diagnostics;
using LowRank.Dispatch;
using LowRank.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Dispatch;

/// <summary>
/// Who owns what is passed through libtorch's C interface: after 100,000 calls nothing is left, and nothing was freed twice.
/// </summary>
[CollectionDefinition(nameof(OwnershipTests), DisableParallelization = true)]
[Collection(nameof(OwnershipTests))]
public sealed class OwnershipTests
{
    private const int Calls = 100_000;
    private const int Threads = 4;

    private static readonly Scalar One = 1;

    private static readonly TorchOperator Product = new("mm(Tensor self, Tensor mat2) -> Tensor");
    private static readonly TorchOperator Sort = new(
        "sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)"
    );
    private static readonly TorchOperator Clamp = new("clamp.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor");
    private static readonly TorchOperator Copies = new("_foreach_copy_(Tensor(a!)[] self, Tensor[] src, bool non_blocking=False) -> ()");
    private static readonly TorchOperator Parts = new("unbind.int(Tensor(a) self, int dim=0) -> Tensor(a)[]");

    [Fact]
    public void After_a_hundred_thousand_calls_nothing_is_left()
    {
        RunOnThreads(Calls / 100);
        // What other tests have left to the finalizer is gone before it is counted.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var (tensors, used, resident) = (Tensor.TotalCount, ActivationMemory.UsedBytes, ResidentBytes());
        RunOnThreads(Calls);
        Assert.Equal(tensors, Tensor.TotalCount);
        // A block is given back with the last handle of its tensor, whoever has it.
        Assert.Equal(used, ActivationMemory.UsedBytes);
        // Results lie in libtorch's own memory: one in a hundred of them would be more.
        Assert.InRange(ResidentBytes() - resident, long.MinValue, 32 << 20);
    }

    private static void RunOnThreads(int calls)
    {
        var failures = new List<Exception>();
        var threads = Enumerable
            .Range(0, Threads)
            .Select(_ => new Thread(() =>
            {
                try
                {
                    Run(calls / Threads);
                }
                catch (Exception exception)
                {
                    lock (failures)
                        failures.Add(exception);
                }
            }))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Empty(failures);
    }

    private static void Run(int calls)
    {
        using var square = Ones(128, 128);
        using var wide = Ones(256, 128);
        using var other = Ones(128, 128);
        using var low = tensor(0.5f);
        for (var call = 0; call < calls; call++)
        {
            switch (call % 6)
            {
                case 0:
                    using (var results = Product.Call(square, square))
                    using (var product = results.Tensor(0))
                        Assert.Equal(128, product.shape[0]);
                    break;
                case 1:
                    // The second result is left to be freed.
                    using (var results = Sort.Call(square, 0L, false))
                    using (results.Tensor(0)) { }
                    break;
                case 2:
                    using (Clamp.Call(square, low, OperatorArgument.None)) { }
                    break;
                case 3:
                    using (Copies.Call(new[] { other, other }, new[] { square, square }, false)) { }
                    break;
                case 4:
                    using (Parts.Call(square, 0L)) { }
                    break;
                default:
                    Fail(call, square, wide);
                    break;
            }
        }

        // Everything is still there, with its values.
        Assert.All(new[] { other, square }, values => Assert.Equal([1f], values.data<float>().Distinct().ToArray()));
    }

    private static Tensor Ones(long rows, long columns) => ActivationMemory.Empty([rows, columns], ScalarType.Float32, CPU).fill_(One);

    private static void Fail(int call, Tensor square, Tensor wide)
    {
        // Refused by the operator, seldom since libtorch writes a page for each; by its schema, with arguments already given away.
        if (call % 5_000 == 5)
            Assert.Throws<TorchOperatorException>(() => Product.Call(square, wide));
        Assert.Throws<ArgumentException>(() => Clamp.Call(square, square, 1L));
        Assert.Throws<ArgumentException>(() => Copies.Call(new[] { square }, new[] { square, wide }, 1L));
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
