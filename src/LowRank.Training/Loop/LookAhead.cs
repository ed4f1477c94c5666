using LowRank.Kernels;
using LowRank.Training.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Training.Loop;

/// <summary>An output that depends on later inputs of its sequence.</summary>
/// <param name="Position">The output's position.</param>
/// <param name="Changed">The first position whose input was changed; behind it all were.</param>
internal sealed record LookAhead(long Position, long Changed)
{
    // What rounding may do, as a share of the largest output: a convolution by Fourier transform rounds over all of its sequence.
    private const double Exact = 1e-4;
    private const double Rough = 2e-2;

    /// <summary>Looks for one.</summary>
    /// <param name="module">The module, whose dropout and the like are turned off meanwhile.</param>
    /// <param name="run">What of it computes: <c>[1, sequence, …]</c> to <c>[1, sequence, width]</c>.</param>
    /// <param name="input">The inputs.</param>
    /// <param name="others">Other inputs for every position.</param>
    /// <returns>The first that is found; null where none is, or where outputs are random and nothing can be said of them.</returns>
    public static LookAhead? Find(nn.Module module, Func<Tensor, Tensor> run, Tensor input, Tensor others)
    {
        using var noGradient = no_grad();
        using var mode = new EvaluationMode(module);
        using var revealed = new RevealedParameters(module);
        using var draws = new KeptDraws();
        using var expected = Run(input);
        var length = input.shape[1];
        // Modules that work in chunks look ahead within one: of two neighboring places one lies within a chunk, whatever its size. The
        // first token is to see nothing but itself, and the last one to be seen by itself alone.
        foreach (var place in new[] { length / 2, length / 2 + 1, 1, length - 1 }.Where(place => place < length).Distinct())
        {
            using var kept = input.narrow(1, 0, place);
            using var changed = others.narrow(1, place, length - place);
            using var mixed = cat([kept, changed], 1);
            using var actual = Run(mixed);
            if (FirstDifference(expected, actual, place) is not { } position)
                continue;
            using var again = Run(input);
            return FirstDifference(expected, again, place) is null ? new(position, place) : null;
        }

        return null;

        Tensor Run(Tensor sequence)
        {
            draws.Rewind();
            return run(sequence);
        }
    }

    // The first of so many outputs that differ by more than rounding.
    private static long? FirstDifference(Tensor expected, Tensor actual, long count)
    {
        using var scope = NewDisposeScope();
        var share = expected.dtype is ScalarType.Float32 or ScalarType.Float64 ? Exact : Rough;
        var outputs = expected.to(ScalarType.Float64).cpu();
        var largest = outputs.abs().max().item<double>();
        var others = actual.to(ScalarType.Float64).cpu();
        var differences = others.sub(outputs).abs().amax([0, 2]).narrow(0, 0, count).contiguous();
        var values = differences.data<double>().ToArray();
        var first = Array.FindIndex(values, value => value > share * largest);
        return first < 0 ? null : first;
    }

    /// <summary>
    /// Parameters that are all zero, as gates and last layers begin, hide what stands before them: they hold other numbers until this is
    /// disposed.
    /// </summary>
    private sealed class RevealedParameters : IDisposable
    {
        private readonly List<(Tensor Parameter, Tensor Was)> replaced = [];

        public RevealedParameters(nn.Module module)
        {
            using var generator = new torch.Generator(3, CPU);
            foreach (var parameter in module.parameters().Where(IsZero))
            {
                replaced.Add((parameter, parameter.clone()));
                using var drawn = randn(parameter.shape, generator: generator);
                parameter.copy_(drawn.MultiplyInPlace(0.1));
            }
        }

        public void Dispose()
        {
            using var noGradient = no_grad();
            foreach (var (parameter, was) in replaced)
            {
                parameter.copy_(was);
                was.Dispose();
            }
        }

        private static bool IsZero(Tensor parameter)
        {
            using var any = parameter.any();
            return !any.item<bool>();
        }
    }

    /// <summary>The state of the global generator, which comes back when this is disposed.</summary>
    private sealed class KeptDraws : IDisposable
    {
        private readonly torch.Generator generator = torch.Generator.Default;
        private readonly Tensor state;

        public KeptDraws() => state = generator.get_state();

        /// <summary>What is drawn from now on was drawn before.</summary>
        public void Rewind() => generator.set_state(state);

        public void Dispose()
        {
            Rewind();
            state.Dispose();
            generator.Dispose();
        }
    }
}
