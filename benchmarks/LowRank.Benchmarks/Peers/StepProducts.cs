using LowRank.Layers;
using LowRank.Models;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Peers;

/// <summary>
/// The matrix products of a training step of the models in <c>StepModels</c>, and nothing else: forward, the gradient of the input, the
/// gradient of the weight, each with operands of its own, as a model has them.
/// </summary>
internal sealed class StepProducts
{
    private const long Width = 512;
    private const long Hidden = 1_536;
    private const int Depth = 6;
    private readonly List<Product> products = [];
    private readonly StepSetting setting;

    /// <summary>Allocates the operands.</summary>
    /// <param name="rank">Rank in every layer but the head; 0 for the dense model.</param>
    /// <param name="type">Type of the operands.</param>
    /// <param name="setting">How many tokens a step has.</param>
    /// <param name="model">The model whose products these are; its FLOPs are compared.</param>
    public StepProducts(long rank, ScalarType type, StepSetting setting, LanguageModel model)
    {
        this.setting = setting;
        for (var block = 0; block < Depth; block++)
        {
            foreach (
                var (inputs, outputs, parts) in new[]
                {
                    (Width, 3 * Width, 3),
                    (Width, Width, 1),
                    (Width, 2 * Hidden, 2),
                    (Hidden, Width, 1),
                }
            )
            {
                if (rank == 0)
                {
                    Add(inputs, outputs, 1);
                    continue;
                }

                // Factors over the same input are read as one product, the second factors one by one.
                Add(inputs, parts * rank, 1);
                Add(rank, outputs / parts, parts);
            }
        }

        Add(Width, setting.Vocabulary, 1);
        var scores = Depth * 4 * setting.Context * Width;
        if (2 * products.Sum(product => product.Weights) + scores != model.LiveForwardFlopsPerToken(setting.Context))
            throw new InvalidOperationException("These aren't the products of the model.");

        void Add(long inputs, long outputs, int times)
        {
            for (var time = 0; time < times; time++)
                products.Add(new Product(inputs, outputs, setting.Tokens / setting.MicroBatches, type));
        }
    }

    /// <summary>FLOPs per token, forward.</summary>
    public long ForwardFlopsPerToken => 2 * products.Sum(product => product.Weights);

    /// <summary>The products of one optimizer step.</summary>
    public void Step()
    {
        for (var batch = 0; batch < setting.MicroBatches; batch++)
        {
            foreach (var product in products)
                product.Forward();
            for (var index = products.Count - 1; index >= 0; index--)
                products[index].Backward();
        }
    }

    private sealed class Product(long inputs, long outputs, long tokens, ScalarType type)
    {
        private readonly Tensor x = randn(tokens, inputs, dtype: type);
        private readonly Tensor weight = randn(outputs, inputs, dtype: type);
        private readonly Tensor y = empty(tokens, outputs, dtype: type);
        private readonly Tensor inputGradient = empty(tokens, inputs, dtype: type);
        private readonly Tensor weightGradient = zeros(outputs, inputs, dtype: type);

        public long Weights => inputs * outputs;

        public void Forward()
        {
            using var transposed = weight.t();
            y.addmm_(x, transposed, 0, 1);
        }

        public void Backward()
        {
            inputGradient.addmm_(y, weight, 0, 1);
            using var transposed = y.t();
            weightGradient.addmm_(transposed, x, 0, 1);
        }
    }
}
