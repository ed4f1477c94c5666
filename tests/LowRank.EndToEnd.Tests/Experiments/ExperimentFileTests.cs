using LowRank.Training;
using LowRank.Training.Experiments;

namespace LowRank.EndToEnd.Tests.Experiments;

public sealed class ExperimentFileTests
{
    [Theory]
    [InlineData(
        "\"seeds\": [1, 2]",
        "\"sedes\": [1, 2]",
        "small.json: the file has no key 'sedes'; allowed are baseline, common, contenders, default, "
    )]
    [InlineData("\"seeds\": [1, 2]", "\"seeds\": [1, 1]", "small.json: seeds must hold at least one seed and none twice.")]
    [InlineData("\"seeds\": [1, 2]", "\"seeds\": [1, \"2\"]", "small.json: seeds[1] must be a whole number, not \"2\".")]
    [InlineData("\"seeds\": [1, 2],", "", "small.json: seeds is missing; it must be an array.")]
    [InlineData("\"name\": \"small\"", "\"name\": \"a/b\"", "small.json: name must be a name of letters, digits, '-', '_' and '.'.")]
    [InlineData("\"output\": \"OUT\",", "", "small.json: output is missing; it must be a folder.")]
    [InlineData("\"context\": 32", "\"contex\": 32", "small.json: common has no key 'contex'; allowed are ")]
    [InlineData("\"context\": 32", "\"context\": 32, \"tokens\": 99", "small.json: contenders[0] has both steps and tokens; give one.")]
    [InlineData("\"context\": 32", "\"context\": \"long\"", "small.json: contender 'dense'.context must be a whole number, not \"long\".")]
    [InlineData(
        "\"context\": 32",
        "\"context\": 3200",
        "small.json: contender 'dense': context 3200 is longer than the 64 tokens that SmallDeclared is declared for."
    )]
    [InlineData(
        "\"context\": 32",
        "\"context\": 32, \"optimizer\": \"sgd\"",
        "small.json: contender 'dense'.optimizer must be one of adamw, muon, spectron, galore, not \"sgd\"."
    )]
    [InlineData(
        "\"context\": 32",
        "\"context\": 32, \"optimizer\": 1",
        "small.json: contender 'dense'.optimizer must be one of adamw, muon, spectron, galore, not 1."
    )]
    [InlineData(
        "\"context\": 32",
        "\"context\": 32, \"optimizer\": \"spectron\"",
        "small.json: contender 'dense': optimizer spectron trains the factors"
    )]
    [InlineData(
        "\"variant\": \"dense\"",
        "\"variant\": \"dense\", \"fineTuning\": \"lora\"",
        "small.json: contender 'dense'.fineTuning must be an object with a method (full, lora, lowrank, galore) and its options, not \"lora\"."
    )]
    [InlineData(
        "\"variant\": \"dense\"",
        "\"variant\": \"dense\", \"fineTuning\": { \"method\": \"lora\", \"rnk\": 8 }",
        "small.json: contender 'dense'.fineTuning has no key 'rnk'; allowed are "
    )]
    [InlineData(
        "\"variant\": \"dense\"",
        "\"variant\": \"dense\", \"fineTuning\": { \"rank\": 8 }",
        "small.json: contender 'dense'.fineTuning.method is missing; it must be one of full, lora, lowrank, galore."
    )]
    [InlineData(
        "\"variant\": \"dense\"",
        "\"variant\": \"dense\", \"fineTuning\": { \"method\": \"lora\", \"rank\": 8 }",
        "small.json: contender 'dense': fineTuning changes trained weights; name their run or checkpoint as from."
    )]
    [InlineData(
        "\"variant\": \"dense\"",
        "\"variant\": \"dense\", \"from\": \"runs/base\", \"fineTuning\": { \"method\": \"lora\", \"rank\": 0 }",
        "small.json: contender 'dense': fineTuning.rank must be at least 1, not 0."
    )]
    [InlineData(
        "\"variant\": \"dense\"",
        "\"variant\": \"dense\", \"from\": \"runs/base\", \"fineTuning\": { \"method\": \"galore\" }",
        "small.json: contender 'dense': fineTuning by galore takes the optimizer galore."
    )]
    [InlineData(
        "\"flops\": \"baseline\"",
        "\"flops\": \"baseline\", \"fineTuning\": { \"method\": \"full\" }",
        "small.json: contenders[2].flops goes with training from the start, not with fineTuning."
    )]
    [InlineData(
        "\"variant\": \"dense\"",
        "\"variant\": \"thin\"",
        "small.json: contenders[0].variant must be dense, flop-matched, lowrank or guided."
    )]
    [InlineData(
        "\"model\": \"SmallDeclared\", \"variant\": \"dense\"",
        "\"model\": \"SmallDeclard\"",
        "small.json: contender 'dense': There is no model 'SmallDeclard'"
    )]
    [InlineData(
        "\"model\": \"SmallDeclared\", \"variant\": \"dense\", ",
        "",
        "small.json: contenders[0].model is missing; it must be the name of a model."
    )]
    [InlineData(
        "\"variant\": \"dense\", \"learningRate\": [1e-3, 2e-3]",
        "\"variant\": \"dense\", \"learningRate\": [1e-3, 1e-3]",
        "small.json: contenders[0].learningRate must hold at least one rate and none twice."
    )]
    [InlineData(
        "\"variant\": \"dense\", \"learningRate\": [1e-3, 2e-3]",
        "\"variant\": \"dense\", \"learningRate\": \"fast\"",
        "small.json: contenders[0].learningRate must be a number or an array of numbers, not \"fast\"."
    )]
    [InlineData("\"name\": \"guided\"", "\"name\": \"Dense\"", "small.json: contenders names 'dense' twice.")]
    [InlineData("\"flops\": \"baseline\"", "\"flops\": \"dense\"", "small.json: contenders[2].flops must be \"baseline\".")]
    [InlineData(
        "\"name\": \"guided\"",
        "\"name\": \"guided\", \"seeds\": [2, 3]",
        "small.json: contenders[1].seeds has 3, which the experiment's seeds don't: runs are compared by seed."
    )]
    [InlineData(
        "\"name\": \"dense\"",
        "\"name\": \"dense\", \"seeds\": [1]",
        "small.json: baseline leaves out seeds of the experiment, whose runs would have nothing to be compared with."
    )]
    [InlineData("\"baseline\": \"dense\",", "", "small.json: baseline is missing; it must be the name of a contender.")]
    [InlineData(
        "\"baseline\": \"dense\"",
        "\"baseline\": \"none\"",
        "small.json: baseline names no contender; allowed are dense, guided, guided-equal, lowrank-equal."
    )]
    [InlineData("\"baseline\": \"dense\"", "\"baseline\": \"guided-equal\"", "small.json: baseline is what FLOPs are compared with")]
    [InlineData("\"default\": \"guided\"", "\"default\": \"best\"", "small.json: default names no contender; allowed are ")]
    [InlineData("\"steps\": 10", "\"step\": 10", "small.json: sweep has no key 'step'; allowed are seeds, steps.")]
    [InlineData("\"steps\": 10 }", "\"steps\": 10 ", "small.json: not JSON")]
    [InlineData("\"name\": \"small\",", "\"name\": \"small\", \"name\": \"small\",", "small.json: not JSON")]
    [InlineData("\"name\": \"small\"", "\"name\": null", "small.json: name must be a name, not null.")]
    [InlineData(
        "\"name\": \"small\"",
        "\"name\": \"\\ud800\"",
        "small.json: not usable: line 2 has a string with half of a surrogate pair, which is no text."
    )]
    [InlineData("\"steps\": 40", "\"steps\": 1e18", "small.json: contender 'dense'.steps must be a whole number, not 1e18.")]
    [InlineData("\"steps\": 40", "\"steps\": {}", "small.json: contender 'dense'.steps must be a whole number, not {}.")]
    [InlineData("[1e-3, 2e-3]", "[1e-3, 1e999]", "small.json: contenders[0].learningRate[1] must be a number, not 1e999.")]
    public void What_is_wrong_is_said_with_file_place_and_what_is_allowed(string right, string wrong, string message)
    {
        var at = ExperimentText.Two.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at >= 0, right);
        var text = ExperimentText.Two[..at] + wrong + ExperimentText.Two[(at + right.Length)..];
        var exception = Assert.ThrowsAny<InputException>(() => new ExperimentMatrix(ExperimentText.Parse(text)).Check());
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_said() =>
        Assert.Equal(
            "There is no experiment 'nowhere.json'.",
            Assert.Throws<InputException>(() => ExperimentFile.Read("nowhere.json")).Message
        );

    [Theory]
    [InlineData("quick.json", false)]
    [InlineData("paper.json", false)]
    [InlineData("rates.json", true)]
    [InlineData("recipes.json", true)]
    [InlineData("kernel.json", false)]
    [InlineData("longer.json", true)]
    [InlineData("finetune.json", true)]
    [InlineData("finetune-memory.json", true)]
    public void The_examples_are_whole(string name, bool sweptAlike)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.RunModuleConstructor(typeof(Examples.Models.PaperXs).Module.ModuleHandle);
        var file = ExperimentFile.Read(Path.Combine(AppContext.BaseDirectory, "Experiments", name));
        new ExperimentMatrix(file).Check();
        Assert.Equal(Path.GetFileNameWithoutExtension(name), file.Name);
        Assert.Equal("runs/" + file.Name, file.Output);
        // The paper trains all its models at one rate; so does its comparison, and that of the guides on the kernel's text.
        if (sweptAlike)
            Assert.Single(file.Contenders.Select(contender => contender.LearningRates.Count).Distinct());
    }
}
