using LowRank.Training.CommandLine;
using LowRank.Training.Data;
using LowRank.Training.Tests.Training;

namespace LowRank.Training.Tests.CommandLine;

public sealed class WrongInputTests
{
    public WrongInputTests()
    {
        ModelCatalog.Register(PaperModel.Entry);
        ModelCatalog.Register(TrainingText.Small);
    }

    [Theory]
    [InlineData("describe PaperXxl", "There is no model 'PaperXxl'; did you mean PaperXl?")]
    [InlineData("describe", "'describe' needs a MODEL; 'list' shows the models.")]
    [InlineData("describe PaperXl more", "'describe' can do nothing with 'more'; 'describe --help' lists the options.")]
    [InlineData("trian SmallTransformer", "There is no command 'trian'; did you mean train?")]
    [InlineData("train SmallTransformer --stepz 3", "There is no option '--stepz' in 'train'; did you mean --steps?")]
    [InlineData("train SmallTransformer --bogus", "There is no option '--bogus' in 'train'; 'train --help' lists the options.")]
    [InlineData("train SmallTransformer --steps 0", "--steps takes a whole number of at least 1, not '0'.")]
    [InlineData("train SmallTransformer --steps 1.5", "--steps takes a whole number of at least 1, not '1.5'.")]
    [InlineData("train SmallTransformer --learning-rate 1,5", "--learning-rate takes a number above 0, not '1,5'.")]
    [InlineData("train SmallTransformer --batch 8 --micro-batch 3", "--micro-batch 3 does not divide --batch 8; choose a divisor of it.")]
    [InlineData("train SmallTransformer --context 65", "--context 65 is longer than the 64 tokens that SmallTransformer is declared for.")]
    [InlineData("train SmallTransformer --variant sparse", "There is no variant 'sparse'; use dense, lowrank, guided or lora.")]
    [InlineData("train SmallTransformer --variant dense", "SmallTransformer declares no dense baseline; add [DenseBaseline] to the class, or name other variants.")]
    [InlineData("train SmallTransformer --device tpu", "There is no device 'tpu'; use cpu, cuda or cuda:N.")]
    [InlineData("train SmallTransformer --precision fp8", "There is no precision 'fp8'; use fp32 or bf16.")]
    [InlineData("train SmallTransformer --optimizer sgd", "There is no optimizer 'sgd'; use adamw, muon, spectron, galore.")]
    [InlineData("train SmallTransformer --optimizer galore --galore-rank 0", "--galore-rank takes a whole number from 1 to 2147483647, not '0'.")]
    [InlineData("train SmallTransformer --optimizer muon --momentum 1", "--momentum takes a number from 0 to below 1, not '1'.")]
    [InlineData("train SmallTransformer --output nowhere/run --text no/such/file", "There is no file or folder 'no/such/file'; give --text an existing one.")]
    [InlineData("train SmallTransformer --output nowhere/run --tokenizer missing.json", "There is no tokenizer 'missing.json'; give --tokenizer an existing tokenizer.json.")]
    [InlineData("compare SmallTransformer", "SmallTransformer declares no dense baseline; add [DenseBaseline] to the class, or name other variants.")]
    [InlineData("evaluate no/run", "There is no checkpoint in 'no/run'; give the folder of a run (the --output of train) or of one checkpoint.")]
    [InlineData("generate no/run --top-p 0", "--top-p takes a number above 0 and at most 1, not '0'.")]
    [InlineData("generate no/run --weights thin", "There is no form 'thin' of weights; use factored, merged or auto.")]
    [InlineData("generate no/run --temperature -1", "--temperature takes a number of at least 0, not '-1'.")]
    public async Task Wrong_input_ends_with_code_2_and_one_sentence_that_says_what_to_do(string commandLine, string sentence)
    {
        var (code, output, error) = await App.Run(commandLine.Split(' '));
        Assert.Equal((ExitCode.WrongInput, "", sentence), (code, output, error.TrimEnd()));
    }

    [Fact]
    public async Task A_tokenizer_larger_than_the_models_vocabulary_is_refused()
    {
        using var folder = new TemporaryFolder();
        var text = Path.Combine(AppContext.BaseDirectory, "LowRank.Runtime.xml");
        using var data = TokenDataset.Prepare(new CorpusOptions { TextPaths = [text], Vocabulary = 600, CacheDirectory = folder.Path });
        var (code, _, error) = await App.Run(
            ["train", "SmallTransformer", "--output", Path.Combine(folder.Path, "run"), "--text", text, "--tokenizer", data.TokenizerPath, "--cache", folder.Path]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains("600 entries", error, StringComparison.Ordinal);
        Assert.Contains("512", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_arguments_and_defaults_the_help_is_printed()
    {
        var (code, output, error) = await App.Run([]);
        Assert.Equal((0, ""), (code, error));
        foreach (var command in new[] { "list", "describe", "train", "compare", "evaluate", "generate" })
            Assert.Contains($"  {command} ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_ends_with_code_1_and_shows_its_stack_only_when_asked()
    {
        // The accounting of the paper's model stands for no module: building it fails.
        var (code, output, error) = await App.Run(["train", "PaperXl", "--output", "nowhere/run"]);
        Assert.Equal((ExitCode.Failure, ""), (code, output));
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.DoesNotContain(" at ", error, StringComparison.Ordinal);
        (code, _, error) = await App.Run(["train", "PaperXl", "--output", "nowhere/run", "--verbose"]);
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("   at LowRank.", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists("nowhere"));
    }

    [Fact]
    public async Task The_programs_defaults_are_run_without_arguments()
    {
        var (code, _, error) = await App.Run([], new AppDefaults { Model = "SmallTransformer" });
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith("SmallTransformer declares no dense baseline", error, StringComparison.Ordinal);
    }
}
