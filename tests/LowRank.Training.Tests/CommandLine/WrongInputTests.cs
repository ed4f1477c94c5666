using LowRank.Training.CommandLine;
using LowRank.Training.Data;
using LowRank.Training.Runs;

namespace LowRank.Training.Tests.CommandLine;

public sealed class WrongInputTests
{
    public WrongInputTests()
    {
        ModelCatalog.Register(PaperModel.Entry);
    }

    [Theory]
    [InlineData("describe PaperXxl", "There is no model 'PaperXxl'; did you mean PaperXl?")]
    [InlineData("describe", "'describe' needs a MODEL; 'list' shows the models.")]
    [InlineData("describe PaperXl --port 80", "--port is for a page; ask for one by --watch.")]
    [InlineData("describe PaperXl --project .", "--project is for a page; ask for one by --watch.")]
    [InlineData("describe --watch --json", "--watch shows tables and diagrams on a page; leave --json out.")]
    [InlineData("describe --watch --diagram svg", "--watch shows tables and diagrams on a page; leave --diagram out.")]
    [InlineData("describe --watch --port 0", "--port takes a whole number from 1 to 65535, not '0'.")]
    [InlineData(
        "describe PaperXl --watch --project no/such",
        "There is no file or folder 'no/such'; give --project a .csproj or its folder."
    )]
    [InlineData("describe PaperXl more", "'describe' can do nothing with 'more'; 'describe --help' lists the options.")]
    [InlineData("trian SmallTransformer", "There is no command 'trian'; did you mean train?")]
    [InlineData("train SmallTransformer --stepz 3", "There is no option '--stepz' in 'train'; did you mean --steps?")]
    [InlineData("train SmallTransformer --bogus", "There is no option '--bogus' in 'train'; 'train --help' lists the options.")]
    [InlineData("train SmallTransformer --steps 0", "--steps takes a whole number of at least 1, not '0'.")]
    [InlineData("train SmallTransformer --steps 1.5", "--steps takes a whole number of at least 1, not '1.5'.")]
    [InlineData("train SmallTransformer --learning-rate 1,5", "--learning-rate takes a number above 0, not '1,5'.")]
    [InlineData("train SmallTransformer --batch 8 --micro-batch 3", "--micro-batch 3 does not divide --batch 8; choose a divisor of it.")]
    [InlineData("train SmallTransformer --context 65", "--context 65 is longer than the 64 tokens that SmallTransformer is declared for.")]
    [InlineData(
        "train SmallTransformer --variant sparse",
        "There is no variant 'sparse'; use dense, flop-matched, lowrank, guided or lora."
    )]
    [InlineData(
        "train SmallTransformer --variant dense",
        "SmallTransformer declares no dense baseline; add [DenseBaseline] to the class, or name other variants."
    )]
    [InlineData("train SmallTransformer --device tpu", "There is no device 'tpu'; use cpu, cuda or cuda:N.")]
    [InlineData("train SmallTransformer --precision fp8", "There is no precision 'fp8'; use fp32 or bf16.")]
    [InlineData("train SmallTransformer --optimizer sgd", "There is no optimizer 'sgd'; use adamw, muon, spectron, galore.")]
    [InlineData(
        "train SmallTransformer --optimizer galore --galore-rank 0",
        "--galore-rank takes a whole number from 1 to 2147483647, not '0'."
    )]
    [InlineData("train SmallTransformer --optimizer muon --momentum 1", "--momentum takes a number from 0 to below 1, not '1'.")]
    [InlineData(
        "train SmallTransformer --output nowhere/run --text no/such/file",
        "There is no file or folder 'no/such/file'; give --text an existing one."
    )]
    [InlineData(
        "train SmallTransformer --output nowhere/run --tokenizer missing.json",
        "There is no tokenizer 'missing.json'; give --tokenizer an existing tokenizer.json."
    )]
    [InlineData(
        "compare SmallTransformer",
        "SmallTransformer declares no dense baseline; add [DenseBaseline] to the class, or name other variants."
    )]
    [InlineData("evaluate no/run", "There is no checkpoint in 'no/run'; give the folder of a run or of one checkpoint.")]
    [InlineData("generate no/run --top-p 0", "--top-p takes a number above 0 and at most 1, not '0'.")]
    [InlineData("generate no/run --weights thin", "There is no form 'thin' of weights; use factored, merged or auto.")]
    [InlineData("generate no/run --temperature -1", "--temperature takes a number of at least 0, not '-1'.")]
    [InlineData(
        "generate no/run --temperature 0 --top-p 0.5",
        "--temperature 0 always takes the likeliest token, and --top-p says among which to draw; leave one out."
    )]
    [InlineData(
        "generate no/run --temperature 0 --top-k 5",
        "--temperature 0 always takes the likeliest token, and --top-k says among which to draw; leave one out."
    )]
    [InlineData("generate no/run --top-k -1", "--top-k takes a whole number from 0 to 2147483647, not '-1'.")]
    [InlineData(
        "generate no/run --seed 9223372036854775808",
        "--seed takes a whole number from -9223372036854775808 to 9223372036854775807, not '9223372036854775808'."
    )]
    [InlineData(
        "train SmallTransformer --steps 99999999999999999999",
        "--steps takes a whole number from 1 to 9223372036854775807, not '99999999999999999999'."
    )]
    [InlineData("train SmallTransformer --steps 1_000", "--steps takes a whole number of at least 1, not '1_000'.")]
    [InlineData("train SmallTransformer --steps=", "Required argument missing for option: '--steps'. 'train --help' lists the options.")]
    [InlineData("train SmallTransformer --learning-rate nan", "--learning-rate takes a number above 0, not 'nan'.")]
    [InlineData("train SmallTransformer --learning-rate NaN", "--learning-rate takes a number above 0, not 'NaN'.")]
    [InlineData("train SmallTransformer --learning-rate Infinity", "--learning-rate takes a number above 0, not 'Infinity'.")]
    [InlineData("train SmallTransformer --learning-rate 1e999", "--learning-rate takes a number above 0, not '1e999'.")]
    [InlineData("train SmallTransformer --learning-rate 1e-999", "--learning-rate takes a number above 0, not '1e-999'.")]
    [InlineData("train SmallTransformer --steps 3 --steps 4", "--steps is given twice, as '3' and as '4'; leave out all but one.")]
    [InlineData(
        "train SmallTransformer --output a --seed 1 --output b",
        "--output is given twice, as 'a' and as 'b'; leave out all but one."
    )]
    [InlineData("train SmallTransformer --resume --resume", "--resume is given twice; leave out one.")]
    [InlineData("--verbose list --verbose", "--verbose is given twice; leave out one.")]
    [InlineData(
        "train SmallTransformer --galore-rank 4",
        "--galore-rank is an option of galore, and the run trains by adamw; leave it out, or choose another optimizer."
    )]
    [InlineData(
        "train SmallTransformer --galore-rank 128",
        "--galore-rank is an option of galore, and the run trains by adamw; leave it out, or choose another optimizer."
    )]
    [InlineData(
        "train SmallTransformer --optimizer galore --momentum 0.9",
        "--momentum is an option of muon and spectron, and the run trains by galore; leave it out, or choose another optimizer."
    )]
    [InlineData(
        "train SmallTransformer --optimizer muon --spectron-rate 0.1",
        "--spectron-rate is an option of spectron, and the run trains by muon; leave it out, or choose another optimizer."
    )]
    [InlineData(
        "finetune no/run --method full --alpha 2",
        "--alpha means nothing for the method full, it is an option of lora; leave it out, or choose another method of full, lora, lowrank, galore."
    )]
    [InlineData(
        "train SmallTransformer --steps 9000000000000000 --batch 4 --micro-batch 4",
        "--steps 9000000000000000 of 256 tokens each (--batch 4, --context 64) are more than the 9007199254740992 that a run can count; at most 35184372088832 steps."
    )]
    [InlineData(
        "train SmallTransformer --batch 2147483647 --micro-batch 2147483647",
        "--micro-batch 2147483647 of --context 64 is 137438953408 tokens in one pass; at most 2147483591 can be, so --micro-batch at most 33554431."
    )]
    [InlineData(
        "train SmallTransformer --context 2147483647",
        "--context 2147483647 is longer than the 64 tokens that SmallTransformer is declared for."
    )]
    [InlineData("train SmallTransformer --threads 5000", "--threads takes a whole number from 1 to 4096, not '5000'.")]
    [InlineData(
        "import no/folder --model SmallTransformer --to new --tokenizer a.json --without-tokenizer",
        "--tokenizer names a tokenizer and --without-tokenizer imports none; leave one of them out."
    )]
    [InlineData(
        "train SmallTransformer --text no/text --quux bar",
        "There is no option '--quux' in 'train'; 'train --help' lists the options."
    )]
    [InlineData("train SmallTransformer --output --quux", "There is no option '--quux' in 'train'; 'train --help' lists the options.")]
    [InlineData(
        "finetune no/run --method full --also no/text --tokenizer x",
        "There is no option '--tokenizer' in 'finetune'; 'finetune --help' lists the options."
    )]
    [InlineData(
        "finetune no/run --method lowrank --rank 2 --guide none --phase-out 0.3",
        "--phase-out says when guides are gone, and --guide is none; leave one of them out."
    )]
    [InlineData(
        "train SmallTransformer --replace-tokenizer",
        "--replace-tokenizer is about the weights that --from names, and it names none; leave it out."
    )]
    [InlineData("generate no/run --prompt - --prompt -", "--prompt - reads standard input, which there is once; leave out all but one.")]
    [InlineData(
        "compare SmallTransformer --variants ,",
        "--variants takes dense, flop-matched, lowrank and guided, separated by commas, not ','."
    )]
    [InlineData(
        "train SmallTransformer --variant flop-matched",
        "SmallTransformer declares no FLOP-matched dense model; add [DenseBaseline] to the class, or name other variants."
    )]
    [InlineData(
        "experiment no.json --render --retry",
        "--render reports what has finished and runs nothing, so --retry means nothing beside it; leave one out."
    )]
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
        using var data = TokenDataset.Prepare(
            new CorpusOptions
            {
                TextPaths = [text],
                Vocabulary = 600,
                CacheDirectory = folder.Path,
            }
        );
        var (code, _, error) = await App.Run([
            "train",
            "SmallTransformer",
            "--output",
            Path.Combine(folder.Path, "run"),
            "--text",
            text,
            "--tokenizer",
            data.TokenizerPath,
            "--cache",
            folder.Path,
        ]);
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

    [Theory]
    [InlineData(
        "--output",
        "--output is given nothing but blanks; give it a DIR, or leave it out.",
        "train",
        "SmallTransformer",
        "--output",
        ""
    )]
    [InlineData(
        "--device",
        "--device is given nothing but blanks; give it a NAME, or leave it out.",
        "train",
        "SmallTransformer",
        "--device",
        " "
    )]
    [InlineData(
        "--text",
        "--text is given nothing but blanks; give it a PATH, or leave it out.",
        "train",
        "SmallTransformer",
        "--text",
        "a",
        ""
    )]
    [InlineData("CHECKPOINT", "CHECKPOINT is empty; 'generate --help' says what it takes.", "generate", " ")]
    [InlineData("MODEL", "MODEL is empty; 'train --help' says what it takes.", "train", "")]
    public async Task An_empty_value_is_refused_by_the_name_of_what_it_was_given_to(string what, string sentence, params string[] arguments)
    {
        var (code, output, error) = await App.Run(arguments);
        Assert.Equal((ExitCode.WrongInput, "", sentence), (code, output, error.TrimEnd()));
        Assert.StartsWith(what, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Threads_far_above_the_cores_are_refused_and_some_above_are_said()
    {
        var cores = Environment.ProcessorCount;
        using var folder = new TemporaryFolder();
        var taken = Path.Combine(folder.Path, "taken");
        File.WriteAllText(taken, "");
        string[] train = ["train", "SmallTransformer", "--output", taken, "--threads"];
        var refused = await App.Run([.. train, $"{16 * cores + 1}"]);
        Assert.Equal(ExitCode.WrongInput, refused.Code);
        Assert.Equal(
            $"--threads {16 * cores + 1} are far more than the cores that there are ({cores}); give at most {16 * cores}, best {cores}.",
            refused.Error.TrimEnd()
        );
        var threads = TorchSharp.torch.get_num_threads();
        try
        {
            // The note comes first; the run ends at its output, which is a file.
            var said = await App.Run([.. train, $"{cores + 1}"]);
            Assert.StartsWith($"Note: --threads {cores + 1} are more than the cores", said.Error, StringComparison.Ordinal);
        }
        finally
        {
            TorchSharp.torch.set_num_threads(threads);
        }
    }

    [Fact]
    public async Task The_help_of_a_command_names_a_few_models_and_counts_the_others()
    {
        ModelCatalog.Register(PaperModel.WithoutRun);
        ModelCatalog.Register(PaperModel.WithFactorOptions);
        ModelCatalog.Register(TrainedRuns.WithBaseline);
        var (code, output, _) = await App.Run(["train", "--help"]);
        Assert.Equal(0, code);
        Assert.Contains("train <MODEL>", output, StringComparison.Ordinal);
        var models = ModelCatalog.Models;
        Assert.True(models.Count >= 5);
        Assert.Contains(
            $"{string.Join(", ", models.Take(3).Select(ModelNames.Short))} and {models.Count - 3} more",
            output.ReplaceLineEndings(" "),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(models[^1].Name, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_disk_is_said_without_asking_where_the_program_was()
    {
        using var folder = new TemporaryFolder();
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var input = new FailingDisk();
        string[] arguments =
        [
            "train",
            "SmallTransformer",
            "--text",
            "-",
            "--output",
            Path.Combine(folder.Path, "run"),
            "--cache",
            folder.Path,
        ];
        Assert.Equal(ExitCode.Failure, await LowRankApp.RunAsync(arguments, null, output, error, input));
        Assert.EndsWith("Input/output error.", error.ToString().TrimEnd(), StringComparison.Ordinal);
    }

    private sealed class FailingDisk : StringReader
    {
        public FailingDisk()
            : base("") { }

        public override string ReadToEnd() => throw new IOException("Input/output error.");
    }
}
