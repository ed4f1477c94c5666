using LowRank.Generator.Analyzers;
using LowRank.Generator.Tests.Emission;
using LowRank.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LowRank.Generator.Tests.Checks;

public sealed class UnheldTensorTests
{
    [Fact]
    public async Task A_call_chained_on_a_temporary_is_reported_at_the_temporary() =>
        Assert.Equal(
            [
                new(
                    "LRK0801",
                    "Nothing holds the result of 'detach' while 'narrow' reads it: it may be finalized during the call; give it a name with 'using var'",
                    "x.detach()"
                ),
            ],
            (await Analyze("return x.detach().narrow(0, 0, 1);")).Select(Reported.Of)
        );

    [Theory]
    // Receivers: methods, properties, indexers, operators, conversions both ways.
    [InlineData("return x.to(ScalarType.Float64).sum().item<double>();", "x.to(ScalarType.Float64).sum()", "x.to(ScalarType.Float64)")]
    [InlineData("return (x * y).sum();", "x * y")]
    [InlineData("return (-x).shape;", "-x")]
    [InlineData("return x[0].item<float>();", "x[0]")]
    [InlineData("return x.T.contiguous();", "x.T")]
    [InlineData("return x.grad!.clone();", "x.grad")]
    [InlineData("return x.grad?.clone();", "x.grad")]
    [InlineData("return (float)x.sum();", "(float)x.sum()", "x.sum()")]
    [InlineData("return x.sum().Handle;", "x.sum()")]
    [InlineData("return x.cpu().data<float>()[0];", "x.cpu()")]
    [InlineData("return (flag ? x : y.detach()).sum();", "y.detach()")]
    [InlineData("return linalg.svd(x).U.t();", "linalg.svd(x).U")]
    [InlineData("return zeros(2, 2).t();", "zeros(2, 2)")]
    [InlineData("return weight.detach().t();", "weight.detach()")]
    // Arguments: of methods, of operators, within arrays, numbers that become tensors.
    [InlineData("return x.mul(y.detach());", "y.detach()")]
    [InlineData("return x * y.detach();", "y.detach()")]
    [InlineData("return x.lerp_(y, 0.5);", "0.5")]
    [InlineData("return cat([x, y.t()], 0);", "y.t()")]
    [InlineData("return cat(new[] { x, y.t() }, 0);", "y.t()")]
    [InlineData("return nn.functional.linear(x.detach(), y);", "x.detach()")]
    [InlineData("return module.forward(x.detach());", "x.detach()")]
    [InlineData("return module.forward(x).sum();", "module.forward(x)")]
    [InlineData("x.mul_(y.detach()); return x;", "y.detach()")]
    [InlineData("x *= y.detach(); return x;", "y.detach()")]
    [InlineData("x[0] = y.sum(); return x;", "y.sum()")]
    [InlineData("x.grad = y.detach(); return x;", "y.detach()")]
    // What a method returns that changes its tensor in place is still that tensor.
    [InlineData("return x.detach().mul_(y).sum();", "x.detach()")]
    [InlineData("return x.detach().DetachFromDisposeScope().sum();", "x.detach()")]
    // A scope that doesn't hold it: closed again, opened later, of another method's time.
    [InlineData("using (NewDisposeScope()) { } return x.detach().sum();", "x.detach()")]
    [InlineData("var sum = x.detach().sum(); using var scope = NewDisposeScope(); return sum;", "x.detach()")]
    [InlineData("using var scope = NewDisposeScope(); System.Func<Tensor> later = () => x.detach().sum(); return later;", "x.detach()")]
    [InlineData(
        "using var scope = NewDisposeScope(); System.Threading.Tasks.Parallel.For(0, 2, _ => x.detach().sum()); return x;",
        "x.detach()"
    )]
    public async Task Is_reported(string body, params string[] temporaries) =>
        Assert.Equal(
            temporaries,
            (await Analyze(body)).Select(finding => finding.Location.SourceTree!.GetText().ToString(finding.Location.SourceSpan))
        );

    [Theory]
    [InlineData("using var detached = x.detach(); return detached.narrow(0, 0, 1);")]
    [InlineData("using (var detached = x.detach()) return detached.narrow(0, 0, 1);")]
    [InlineData("return x.sum();")]
    [InlineData("return held.sum().DetachFromDisposeScope();")]
    [InlineData("return Held.sum();")]
    [InlineData("return all[0].sum();")]
    [InlineData("return all.First().sum();")]
    [InlineData("return Own(x).sum();")]
    [InlineData("return Own(x.detach());")]
    [InlineData("all.Add(x.detach()); return all;")]
    [InlineData("return new Parameter(x.detach());")]
    [InlineData("return x.detach().mul_(y);")]
    [InlineData("return x.mul_(y).sum();")]
    [InlineData("x.detach().Dispose(); return x;")]
    [InlineData("return module.get_parameter(\"a\")!.sum();")]
    [InlineData("return x is null ? y : x;")]
    [InlineData("using var scope = NewDisposeScope(); return x.detach().sum().MoveToOuterDisposeScope();")]
    [InlineData("using (NewDisposeScope()) return x.detach().sum().MoveToOuterDisposeScope();")]
    [InlineData("using (var scope = NewDisposeScope()) { if (flag) return scope.MoveToOuter((x * y).sum()); } return x;")]
    [InlineData("using var scope = NewDisposeScope(); return all.Select(one => one.detach().sum().item<float>()).Sum();")]
    [InlineData("using var scope = NewDisposeScope(); return Sum(x); float Sum(Tensor t) => t.detach().sum().item<float>();")]
    public async Task Is_not_reported(string body) => Assert.Empty(await Analyze(body));

    [Fact]
    public async Task A_number_is_reported_with_the_call_that_reads_it() =>
        Assert.Equal(
            [
                new(
                    "LRK0802",
                    "'0.5' becomes a Scalar that nothing holds while 'mul' reads it: it may be finalized during the call; declare it with 'using Scalar'",
                    "0.5"
                ),
            ],
            (await Analyze("return x.mul(0.5);")).Select(Reported.Of)
        );

    [Fact]
    public async Task A_scalar_that_TorchSharp_makes_itself_is_reported_with_what_to_do() =>
        Assert.Equal(
            [
                new(
                    "LRK0802",
                    "TorchSharp makes a Scalar by itself (alpha = 1) that nothing holds while 'add' reads it: it may be finalized during the call; use the overload that takes it, or another operation",
                    "x.add(y)"
                ),
            ],
            (await Analyze("return x.add(y);")).Select(Reported.Of)
        );

    [Theory]
    [InlineData("return x.mul(0.5);", "0.5")]
    [InlineData("return x * 2;", "2")]
    [InlineData("return x.add(y, 0.5);", "0.5")]
    [InlineData("return x > 0;", "0")]
    [InlineData("return x.clamp_(0, flag ? 1 : 2);", "0", "flag ? 1 : 2")]
    [InlineData("return full(3, 2, 0.5);", "0.5")]
    [InlineData("return x.mul(0.5.ToScalar());", "0.5.ToScalar()")]
    // A scope holds tensors alone.
    [InlineData("using var scope = NewDisposeScope(); return x.mul(0.5).MoveToOuterDisposeScope();", "0.5")]
    // TorchSharp makes one by itself.
    [InlineData("return x + y;", "x + y")]
    [InlineData("x += y; return x;", "x += y")]
    [InlineData("x += 2; return x;", "2")]
    [InlineData("x *= 2; return x;", "2")]
    [InlineData("return x.add(y);", "x.add(y)")]
    [InlineData("return x.add_(y);", "x.add_(y)")]
    [InlineData("return add(x, y);", "add(x, y)")]
    [InlineData("using Scalar one = 1; return x.add(one);", "x.add(one)")]
    [InlineData("using Scalar one = 1; return one - x;", "one - x")]
    [InlineData("using Scalar count = 3; return arange(count);", "arange(count)")]
    [InlineData("return x.square();", "x.square()")]
    [InlineData("return (double)x;", "(double)x")]
    [InlineData("return x.ToDouble();", "x.ToDouble()")]
    [InlineData("return nn.functional.leaky_relu(x, 0.1);", "nn.functional.leaky_relu(x, 0.1)")]
    [InlineData("return linalg.vector_norm(x, 2);", "linalg.vector_norm(x, 2)")]
    public async Task A_number_that_becomes_a_scalar_is_reported(string body, params string[] reported) =>
        Assert.Equal(
            reported.Select(text => $"LRK0802 {text}"),
            (await Analyze(body)).Select(diagnostic => $"{diagnostic.Id} {Reported.Of(diagnostic).At}")
        );

    [Theory]
    [InlineData("using Scalar half = 0.5; return x.mul(half);")]
    [InlineData("using Scalar one = 1; return x.add(y, one);")]
    [InlineData("using Scalar zero = 0, one = 1, count = 3; return arange(zero, count, one);")]
    [InlineData("return x - y;")]
    [InlineData("return x.pow(y);")]
    [InlineData("return x.sum(0);")]
    public async Task A_scalar_that_is_held_is_not(string body) => Assert.Empty(await Analyze(body));

    [Fact]
    public async Task Says_nothing_unless_it_is_asked()
    {
        var compilation = TestCompilation.Of(Source("return x.detach().sum();")).WithAnalyzers([new UnheldTensorAnalyzer()]);
        Assert.Empty(await compilation.GetAnalyzerDiagnosticsAsync());
    }

    public static TheoryData<string> Declared => [.. DiverseDeclarations.All.Keys];

    /// <summary>
    /// What the generator writes is generated code, which analyzers pass over: here it is read as if it were written by hand.
    /// </summary>
    [Theory]
    [MemberData(nameof(Declared))]
    public async Task Generated_code_holds_its_tensors(string name)
    {
        var compilation = GeneratorRun.Of(DiverseDeclarations.All[name]).Compilation;
        foreach (var tree in compilation.SyntaxTrees.Where(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)).ToList())
        {
            var text = tree.GetText().ToString().Replace("// <auto-generated/>", "// by hand", StringComparison.Ordinal);
            compilation = compilation.ReplaceSyntaxTree(
                tree,
                TestCompilation.Parse(text, tree.FilePath.Replace(".g.cs", ".cs", StringComparison.Ordinal))
            );
        }

        Assert.Empty(await Analyze((CSharpCompilation)compilation));
    }

    private static async Task<IEnumerable<Diagnostic>> Analyze(string body)
    {
        var compilation = TestCompilation.Of(Source(body));
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return await Analyze(compilation);
    }

    private static async Task<IEnumerable<Diagnostic>> Analyze(CSharpCompilation compilation)
    {
        var asked = compilation.WithOptions(
            compilation.Options.WithSpecificDiagnosticOptions(
                compilation
                    .Options.SpecificDiagnosticOptions.SetItem("LRK0801", ReportDiagnostic.Warn)
                    .SetItem("LRK0802", ReportDiagnostic.Warn)
            )
        );
        var found = await asked.WithAnalyzers([new UnheldTensorAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        Assert.DoesNotContain(found, diagnostic => diagnostic.Id == "AD0001");
        return found
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .ThenByDescending(diagnostic => diagnostic.Location.SourceSpan.Length);
    }

    private static string Source(string body) =>
        $$"""
            using System.Collections.Generic;
            using System.Linq;
            using TorchSharp;
            using TorchSharp.Modules;
            using static TorchSharp.torch;

            public sealed class Program
            {
                private readonly Tensor held = zeros(2);

                private Tensor Held => held;

                private static Tensor Own(Tensor x) => x;

                public object? Run(Tensor x, Tensor y, Parameter weight, nn.Module<Tensor, Tensor> module, List<Tensor> all, bool flag)
                {
                    {{body}}
                }
            }
            """;
}
