using LowRank.Examples.Modules;
using LowRank.Layers;
using LowRank.Models;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Modules;

/// <summary>The examples' modules learn with guided low-rank layers, and cost what their constants say.</summary>
public sealed class ExampleModuleTests
{
    [Fact]
    public void A_vision_transformer_learns_to_read_digits()
    {
        using var module = new VisionTransformer(new ModelOptions { Seed = 1 });
        using var training = DigitImages.Draw(2_000, seed: 1);
        using var test = DigitImages.Draw(500, seed: 2);
        Assert.True(module.HasGuide);
        ClassifierTraining.Train(module, module.forward, training, steps: 250, seed: 1);
        Assert.False(module.HasGuide);
        var accuracy = ClassifierTraining.Accuracy(module.forward, test);
        Assert.True(accuracy > 0.8, $"{accuracy:P1} where chance is 10 %.");
    }

    [Fact]
    public void A_text_classifier_learns_which_library_a_piece_of_documentation_is_about()
    {
        using var module = new TextClassifier(new ModelOptions { Seed = 1 });
        var (training, test) = LibraryTexts.Read();
        using (training)
        using (test)
        {
            ClassifierTraining.Train(module, module.forward, training, steps: 200, seed: 1);
            Assert.False(module.HasGuide);
            var accuracy = ClassifierTraining.Accuracy(module.forward, test);
            Assert.True(accuracy > 0.7, $"{accuracy:P1} where chance is 25 %.");
        }
    }

    [Fact]
    public void The_constants_are_those_of_the_live_modules()
    {
        using var vision = new VisionTransformer();
        Check(
            vision,
            VisionTransformer.Cost.ParametersAtStart,
            VisionTransformer.Cost.Parameters,
            VisionTransformer.Cost.GuidedForwardFlopsPerRow,
            VisionTransformer.Cost.ForwardFlopsPerRow,
            VisionTransformer.Cost.ProjectionFlopsPerStep
        );
        using var text = new TextClassifier();
        Check(
            text,
            TextClassifier.Cost.ParametersAtStart,
            TextClassifier.Cost.Parameters,
            TextClassifier.Cost.GuidedForwardFlopsPerRow,
            TextClassifier.Cost.ForwardFlopsPerRow,
            TextClassifier.Cost.ProjectionFlopsPerStep
        );
        Assert.Equal(2 * EncoderBlock.Cost.Parameters, VisionTransformer.Cost.Blocks.Parameters);
    }

    [Fact]
    public void Every_parameter_gets_a_gradient()
    {
        using var scope = NewDisposeScope();
        using var vision = new VisionTransformer(new ModelOptions { DataType = ScalarType.Float64 });
        using var images = DigitImages.Draw(20, seed: 3);
        AllLearn(vision, () => vision.forward(images.Inputs.to(ScalarType.Float64)));
        using var text = new TextClassifier(new ModelOptions { DataType = ScalarType.Float64 });
        AllLearn(text, () => text.forward(randint(0, LibraryTexts.Vocabulary, [20, LibraryTexts.Length], ScalarType.Int64)));
    }

    [Fact]
    public void Names_are_dotted_and_stable_and_nothing_is_registered_twice()
    {
        using var module = new VisionTransformer(new ModelOptions { Guided = false });
        Assert.Equal(module.state_dict().Count, module.parameters().Count());
        Assert.Contains("blocks.1.up.u", module.state_dict().Keys);
        Assert.Contains("patch.weight", module.state_dict().Keys);
    }

    // Weights are drawn by the whole, under full names: drawn by the parts, equal parts would start alike.
    [Fact]
    public void Repeated_parts_start_differently()
    {
        using var scope = NewDisposeScope();
        using var module = new VisionTransformer();
        using var first = module.Blocks[0].QueryKeyValue.parameters().Single();
        using var second = module.Blocks[1].QueryKeyValue.parameters().Single();
        Assert.False(first.equal(second).all().item<bool>());
    }

    private static void AllLearn(DeclaredModule module, Func<Tensor> logits)
    {
        using var scope = NewDisposeScope();
        // α is one half here: both the guides and the factors take part.
        using var step = module.BeginStep(2, 8);
        Assert.Equal(0.5, step.Alpha, 1e-12);
        logits().square().sum().backward();
        step.Update(() => { });
        foreach (var (name, parameter) in module.named_parameters())
            Assert.True(parameter.grad is not null && parameter.grad.abs().sum().item<double>() > 0, name);
    }

    private static void Check(DeclaredModule module, long atStart, long parameters, long guidedFlops, long flops, long projection)
    {
        Assert.Equal(atStart, Count(module));
        using (var first = module.BeginStep(0, 8))
        {
            Assert.Equal(guidedFlops, module.LiveForwardFlopsPerRow());
            Assert.Equal(projection, module.LiveProjectionFlops());
            first.Skip();
        }

        using var end = module.BeginStep(8, 8);
        Assert.False(module.HasGuide);
        Assert.Equal(parameters, Count(module));
        Assert.Equal(flops, module.LiveForwardFlopsPerRow());
        Assert.Equal(0, module.LiveProjectionFlops());
    }

    private static long Count(nn.Module module) => module.parameters().Sum(parameter => parameter.NumberOfElements);
}
