using LowRank.Dispatch;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Dispatch;

/// <summary>Operators called through libtorch's C interface: what they are given and what they return.</summary>
public sealed class TorchOperatorTests
{
    private const string Product = "mm.out(Tensor self, Tensor mat2, *, Tensor(a!) out) -> Tensor(a!)";
    private const string Sorted = "sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)";

    [Fact]
    public void Tensors_go_in_and_come_out()
    {
        using var scope = NewDisposeScope();
        var (left, right, place) = (randn(3, 4), randn(4, 5), zeros(3, 5));
        using var results = new TorchOperator(Product).Call(left, right, place);
        using var result = results.Tensor(0);
        Assert.True(result.equal(left.mm(right)).all().item<bool>());
        Assert.True(place.equal(result).all().item<bool>());
    }

    [Fact]
    public void Integers_and_flags_are_passed_and_results_come_in_order()
    {
        using var scope = NewDisposeScope();
        var values = tensor(new[] { 3f, 1, 2 });
        using var results = new TorchOperator(Sorted).Call(values, 0L, true);
        Assert.Equal([3f, 2, 1], results.Tensor(0).data<float>().ToArray());
        Assert.Equal([0L, 2, 1], results.Tensor(1).data<long>().ToArray());
    }

    [Fact]
    public void What_is_optional_is_passed_or_left_out()
    {
        using var scope = NewDisposeScope();
        var slice = new TorchOperator(
            "slice.Tensor(Tensor(a) self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor(a)"
        );
        var values = arange(6, ScalarType.Int64);
        using var some = slice.Call(values, 0L, 2L, OperatorArgument.None, 2L);
        Assert.Equal([2L, 4], some.Tensor(0).contiguous().data<long>().ToArray());

        var norm = new TorchOperator(
            "native_layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, Tensor? bias, float eps) -> (Tensor, Tensor, Tensor)"
        );
        Assert.Equal(new SchemaValue(ValueKind.Tensor, false, true), norm.Schema.Arguments[2]);
        var clamp = new TorchOperator("clamp.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor");
        using var limited = clamp.Call(values, tensor(2L), OperatorArgument.None);
        Assert.Equal([2L, 2, 2, 3, 4, 5], limited.Tensor(0).data<long>().ToArray());
    }

    [Fact]
    public void Numbers_types_and_lists_are_passed()
    {
        using var scope = NewDisposeScope();
        var cast = new TorchOperator("_foreach_copy_(Tensor(a!)[] self, Tensor[] src, bool non_blocking=False) -> ()");
        Tensor[] targets = [zeros(2, ScalarType.BFloat16), zeros(3)];
        Tensor[] sources = [ones(2), ones(3, ScalarType.Float64)];
        using (cast.Call(targets, sources, false)) { }
        Assert.All(targets, target => Assert.Equal(target.NumberOfElements, target.sum().to(ScalarType.Float64).item<double>()));

        var sum = new TorchOperator("sum(Tensor self, *, ScalarType? dtype=None) -> Tensor");
        using var total = sum.Call(targets[0], ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, total.Tensor(0).dtype);

        var dropout = new TorchOperator("native_dropout(Tensor input, float p, bool? train) -> (Tensor, Tensor)");
        using var dropped = dropout.Call(ones(1_000), 0.25, true);
        Assert.InRange(dropped.Tensor(0).max().item<float>(), 1.33f, 1.34f);

        var split = new TorchOperator(
            "unbind.int(Tensor(a -> *) self, int dim=0) -> Tensor(a)[]".Replace("a -> *", "a", StringComparison.Ordinal)
        );
        using var parts = split.Call(ones(4, 2), 0L);
        Assert.Throws<InvalidOperationException>(() => parts.Tensor(0));
    }

    [Fact]
    public void Nothing_is_recorded_and_the_caller_s_mode_comes_back()
    {
        using var scope = NewDisposeScope();
        var weight = randn([2, 2], requires_grad: true);
        using var results = new TorchOperator("mm(Tensor self, Tensor mat2) -> Tensor").Call(weight, weight);
        Assert.False(results.Tensor(0).requires_grad);
        Assert.True(is_grad_enabled());
        using (no_grad())
        {
            using (new TorchOperator("mm(Tensor self, Tensor mat2) -> Tensor").Call(weight, weight)) { }
            Assert.False(is_grad_enabled());
        }
    }

    [Fact]
    public void A_failure_names_the_operator_and_is_survived()
    {
        using var scope = NewDisposeScope();
        var product = new TorchOperator("mm(Tensor self, Tensor mat2) -> Tensor");
        var failure = Assert.Throws<TorchOperatorException>(() => product.Call(zeros(2, 3), zeros(2, 3)));
        Assert.StartsWith("aten::mm failed: ", failure.Message, StringComparison.Ordinal);
        using var results = product.Call(zeros(2, 3), zeros(3, 2));
        Assert.Equal([2, 2], results.Tensor(0).shape);

        Assert.Throws<TorchOperatorException>(() => new TorchOperator("no_such(Tensor self) -> Tensor").Call(zeros(1)));
    }

    [Fact]
    public void Arguments_that_are_not_the_schema_s_are_refused_before_the_call()
    {
        using var scope = NewDisposeScope();
        var sort = new TorchOperator(Sorted);
        Assert.Throws<ArgumentException>(() => sort.Call(zeros(1), 0L));
        Assert.Throws<ArgumentException>(() => sort.Call(zeros(1), 0.0, true));
        Assert.Throws<ArgumentException>(() => sort.Call(zeros(1), OperatorArgument.None, true));
        Assert.Throws<NotSupportedException>(() => new TorchOperator("mul.Scalar(Tensor self, Scalar other) -> Tensor"));
    }

    [Fact]
    public void A_result_is_taken_once()
    {
        using var scope = NewDisposeScope();
        using var results = new TorchOperator("mm(Tensor self, Tensor mat2) -> Tensor").Call(zeros(2, 2), zeros(2, 2));
        using var taken = results.Tensor(0);
        Assert.Throws<InvalidOperationException>(() => results.Tensor(0));
        Assert.Throws<InvalidOperationException>(() => results.Integer(0));
    }

    [Fact]
    public void A_library_without_the_interface_says_what_it_lacks()
    {
        var library = new TorchInterface(name => name == "torch_call_dispatcher" ? 0 : 1);
        var product = new TorchOperator("mm(Tensor self, Tensor mat2) -> Tensor", library);
        Assert.False(product.CanBeCalled);
        using var some = zeros(1, 1);
        var failure = Assert.Throws<TorchOperatorException>(() => product.Call(some, some));
        Assert.Contains("torch_call_dispatcher", failure.Message, StringComparison.Ordinal);
        Assert.Null(TorchInterface.Loaded.Missing);
    }
}
