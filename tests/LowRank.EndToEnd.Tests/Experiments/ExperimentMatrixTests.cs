using LowRank.EndToEnd.Tests.Models;
using LowRank.Training;
using LowRank.Training.Experiments;
using LowRank.Training.Runs;

namespace LowRank.EndToEnd.Tests.Experiments;

public sealed class ExperimentMatrixTests
{
    private static readonly ExperimentFile File = ExperimentText.Parse(ExperimentText.Two);
    private static readonly ExperimentMatrix Matrix = new(File);

    [Fact]
    public void Every_contender_is_swept_and_run_with_every_seed()
    {
        Assert.Equal(["dense/sweep-0.001-seed-7", "dense/sweep-0.002-seed-7"], Matrix.Sweep(File.Contenders[0]).Select(plan => plan.Id));
        Assert.Equal(
            ["dense/rate-0.002-seed-1", "dense/rate-0.002-seed-2"],
            Matrix.Final(File.Contenders[0], 2e-3).Select(plan => plan.Id)
        );
        Assert.Empty(Matrix.Sweep(File.Contenders[3]));
        Assert.Equal(["lowrank-equal/seed-1", "lowrank-equal/seed-2"], Matrix.Final(File.Contenders[3], null).Select(plan => plan.Id));

        var sweep = Matrix.Sweep(File.Contenders[0])[1];
        Assert.True(sweep.Sweep);
        Assert.Equal(
            (10, 4, 32, 2e-3, 7),
            (sweep.Options.Steps, sweep.Options.SequencesPerStep, sweep.Options.Context, sweep.Options.LearningRate, sweep.Options.Seed)
        );
        var run = Matrix.Final(File.Contenders[1], 1e-3)[1];
        Assert.False(run.Sweep);
        Assert.Equal((40, 1e-3, 2, Variant.Guided), (run.Options.Steps, run.Options.LearningRate, run.Options.Seed, run.Variant));
        Assert.Equal(typeof(SmallDeclared).FullName, run.Model);
        Assert.Equal(
            (SmallDeclared.Cost.Parameters, SmallDeclared.Cost.ParametersAtStart),
            (run.Declared.Parameters, run.Declared.ParametersAtStart)
        );
        Assert.Equal(SmallDeclared.Cost.Summary.TrainingFlops(40, 4, 32, guided: true), run.Declared.TrainingFlops);
        Assert.Equal(512, run.Corpus.Vocabulary);
    }

    [Fact]
    public void Contenders_that_differ_in_the_flops_rule_alone_share_a_sweep_of_given_length()
    {
        Assert.Equal(["guided/sweep-0.001-seed-7", "guided/sweep-0.002-seed-7"], Matrix.Sweep(File.Contenders[2]).Select(plan => plan.Id));

        // Without a length each is swept over its own steps.
        var whole = ExperimentText.Parse(ExperimentText.Two.Replace(", \"steps\": 10 }", " }", StringComparison.Ordinal));
        var own = new ExperimentMatrix(whole).Sweep(whole.Contenders[2]);
        Assert.Equal("guided-equal/sweep-0.001-seed-7", own[0].Id);
        Assert.Equal(new ExperimentMatrix(whole).Final(whole.Contenders[2], 1e-3)[0].Options.Steps, own[0].Options.Steps);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Equal_flops_take_the_steps_that_come_nearest_by_the_constants_of_the_costs(int contender, bool guided)
    {
        var wanted = SmallDeclared.Dense.Cost.Summary.TrainingFlops(40, 4, 32, guided: false);
        var nearest = Enumerable
            .Range(1, 400)
            .MinBy(steps => Math.Abs(SmallDeclared.Cost.Summary.TrainingFlops(steps, 4, 32, guided) - wanted));
        Assert.True(nearest > 40);
        Assert.Equal(nearest, Matrix.Final(File.Contenders[contender], 1e-3)[0].Options.Steps);
    }

    [Fact]
    public void Texts_of_a_contender_have_its_column()
    {
        var file = ExperimentText.Parse(
            ExperimentText.Two.Replace(
                "\"name\": \"lowrank-equal\"",
                "\"name\": \"lowrank-equal\", \"text\": [\"web\"], \"textColumn\": \"content\"",
                StringComparison.Ordinal
            )
        );
        var matrix = new ExperimentMatrix(file);
        Assert.All(matrix.Final(file.Contenders[3], null), plan => Assert.Equal("content", plan.Corpus.TextColumn));
        Assert.All(matrix.Final(file.Contenders[1], 1e-3), plan => Assert.Equal("text", plan.Corpus.TextColumn));
    }

    [Fact]
    public void A_contender_can_have_fewer_seeds_than_the_experiment()
    {
        var file = ExperimentText.Parse(
            ExperimentText.Two.Replace(
                "\"name\": \"lowrank-equal\"",
                "\"name\": \"lowrank-equal\", \"seeds\": [2]",
                StringComparison.Ordinal
            )
        );
        var matrix = new ExperimentMatrix(file);
        Assert.Equal(["lowrank-equal/seed-2"], matrix.Final(file.Contenders[3], null).Select(plan => plan.Id));
        Assert.Equal(
            ["guided/rate-0.001-seed-1", "guided/rate-0.001-seed-2"],
            matrix.Final(file.Contenders[1], 1e-3).Select(plan => plan.Id)
        );
    }

    [Fact]
    public void Factors_that_become_dense_cost_both_phases_and_take_the_steps_of_equal_flops()
    {
        RunPlan Run(string settings)
        {
            var file = ExperimentText.Parse(
                ExperimentText.Two.Replace("\"learningRate\": 3e-3, \"flops\": \"baseline\"", settings, StringComparison.Ordinal)
            );
            return new ExperimentMatrix(file).Final(file.Contenders[3], null)[0];
        }

        decimal Flops(long steps) =>
            SmallDeclared.Cost.Summary.TrainingFlops(steps / 4, 4, 32, guided: false)
            + SmallDeclared.Dense.Cost.Summary.TrainingFlops(steps - steps / 4, 4, 32, guided: false);
        var tokens = Run("\"denseFrom\": 0.25");
        Assert.Equal((0.25, 40), (tokens.Options.DenseFrom, tokens.Options.Steps));
        Assert.Equal(
            (SmallDeclared.Dense.Cost.Parameters, SmallDeclared.Cost.Parameters),
            (tokens.Declared.Parameters, tokens.Declared.ParametersAtStart)
        );
        Assert.Equal(Flops(40), tokens.Declared.TrainingFlops);

        var wanted = SmallDeclared.Dense.Cost.Summary.TrainingFlops(40, 4, 32, guided: false);
        var equal = Run("\"denseFrom\": 0.25, \"flops\": \"baseline\"");
        Assert.Equal(Enumerable.Range(1, 100).MinBy(steps => Math.Abs(Flops(steps) - wanted)), equal.Options.Steps);
        Assert.Equal(Flops(equal.Options.Steps), equal.Declared.TrainingFlops);
        Assert.Contains(
            "above 0 and below 1",
            Assert.Throws<InputException>(() => Run("\"denseFrom\": 1.5, \"flops\": \"baseline\"")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_optimizer_brings_its_defaults_and_other_keys_override_them()
    {
        RunPlan First(string settings)
        {
            var file = ExperimentText.Parse(
                ExperimentText
                    .Two.Replace("\"context\": 32", "\"context\": 32, " + settings, StringComparison.Ordinal)
                    .Replace("\"learningRate\": 3e-3, ", "", StringComparison.Ordinal)
            );
            return new ExperimentMatrix(file).Final(file.Contenders[3], null)[0];
        }

        var galore = First("\"weightDecay\": 0.3, \"optimizer\": \"galore\", \"gaLoreRank\": 8").Options;
        Assert.Equal(
            (OptimizerKind.GaLore, 0.01, 0.3, 0.999, 8),
            (galore.Optimizer, galore.LearningRate, galore.WeightDecay, galore.Beta2, galore.GaLoreRank)
        );
        var spectron = First("\"optimizer\": \"spectron\", \"spectronLearningRate\": 0.03, \"momentum\": 0.8").Options;
        Assert.Equal((OptimizerKind.Spectron, 0.03, 0.8), (spectron.Optimizer, spectron.SpectronLearningRate, spectron.Momentum));
    }

    [Theory]
    [InlineData("", OptimizerKind.Muon, 4e-3)]
    [InlineData("\"optimizer\": \"adamw\", ", OptimizerKind.AdamW, 1e-3)]
    [InlineData("\"from\": \"runs/base\", \"fineTuning\": { \"method\": \"full\" }, ", OptimizerKind.AdamW, 1e-3)]
    public void The_declared_optimizer_trains_unless_the_file_names_one_or_fine_tunes(string settings, OptimizerKind optimizer, double rate)
    {
        var file = ExperimentText.Parse(
            ExperimentText.Two.Replace(
                "\"model\": \"SmallDeclared\", \"variant\": \"dense\", \"learningRate\": [1e-3, 2e-3]",
                settings + "\"model\": \"RecipeDeclared\", \"variant\": \"dense\"",
                StringComparison.Ordinal
            )
        );
        var options = new ExperimentMatrix(file).Final(file.Contenders[0], null)[0].Options;
        Assert.Equal((optimizer, rate), (options.Optimizer, options.LearningRate));
    }

    [Fact]
    public void Conversations_are_learned_in_the_place_of_a_text()
    {
        var plan = Conversing(
            "\"from\": \"runs/base\", \"conversations\": [\"chats.parquet\"], \"chatTemplate\": \"none\", \"specialTokens\": true"
        );
        Assert.Equal(["chats.parquet"], plan.Conversations!.Paths);
        Assert.Equal(("none", true), (plan.Conversations.ChatTemplate, plan.Conversations.TrustSpecialTokens));
        Assert.Equal("tokenizer.json", Conversing("\"tokenizer\": \"tokenizer.json\", \"conversations\": [\"a\"]").Corpus.TokenizerPath);
    }

    [Theory]
    [InlineData("\"conversations\": [\"a.csv\"]", "name one with tokenizer, or begin with a model's weights by from")]
    [InlineData(
        "\"from\": \"base\", \"conversations\": [\"a.csv\"], \"text\": [\"b\"]",
        "'lowrank-equal'.text is about a text, in the place of which conversations are read"
    )]
    [InlineData("\"from\": \"base\", \"conversations\": [\"a.csv\"], \"textColumn\": \"b\"", "'lowrank-equal'.textColumn is about a text")]
    [InlineData("\"from\": \"base\", \"conversations\": []", "conversations must name at least one file or folder")]
    [InlineData("\"from\": \"base\", \"conversations\": \"a.csv\"", "conversations must be an array")]
    [InlineData("\"chatTemplate\": \"none\"", "'lowrank-equal'.chatTemplate is about conversations, and there are none")]
    public void What_conversations_can_not_stand_beside_is_refused(string settings, string part) =>
        Assert.Contains(part, Assert.ThrowsAny<InputException>(() => Conversing(settings)).Say(OptionKeys.Of), StringComparison.Ordinal);

    private static RunPlan Conversing(string settings)
    {
        var file = ExperimentText.Parse(
            ExperimentText.Two.Replace(
                "\"variant\": \"lowrank\", \"learningRate\": 3e-3, \"flops\": \"baseline\"",
                "\"variant\": \"dense\", " + settings,
                StringComparison.Ordinal
            )
        );
        return new ExperimentMatrix(file).Final(file.Contenders[3], null)[0];
    }

    [Fact]
    public void A_method_of_fine_tuning_brings_its_defaults_and_a_further_text_keeps_the_tokenizer()
    {
        var file = ExperimentText.Parse(
            ExperimentText.Two.Replace(
                "\"variant\": \"lowrank\", \"learningRate\": 3e-3, \"flops\": \"baseline\"",
                "\"variant\": \"dense\", \"from\": \"runs/base\", \"text\": [\"notes\", \"code\"], \"textWeights\": [0.7, 0.3], \"also\": [\"sdk\"], \"tokenizer\": \"tokenizer.json\", \"fineTuning\": { \"method\": \"lowrank\", \"rank\": 4, \"guide\": \"none\" }",
                StringComparison.Ordinal
            )
        );
        var plan = new ExperimentMatrix(file).Final(file.Contenders[3], null)[0];
        Assert.Equal(
            new FineTuningOptions
            {
                Method = FineTuningMethod.LowRank,
                Rank = 4,
                Guide = Guide.None,
            },
            plan.Options.FineTuning
        );
        Assert.Equal("runs/base", plan.Options.From);
        Assert.Equal(["notes", "code"], plan.Corpus.TextPaths);
        Assert.Equal([0.7, 0.3], plan.Corpus.TextWeights);
        Assert.Empty(plan.Also!.TextPaths);
        Assert.Empty(plan.Also.TextWeights);
        Assert.Equal("tokenizer.json", plan.Also.TokenizerPath);
    }

    [Fact]
    public void Tokens_become_steps_and_the_nearer_of_both_wins()
    {
        var file = ExperimentText.Parse(
            ExperimentText.Two.Replace("\"variant\": \"dense\",", "\"variant\": \"dense\", \"tokens\": 1280,", StringComparison.Ordinal)
        );
        Assert.Equal(10, new ExperimentMatrix(file).Final(file.Contenders[0], 1e-3)[0].Options.Steps);
        Assert.Equal(40, new ExperimentMatrix(file).Final(file.Contenders[1], 1e-3)[0].Options.Steps);
    }
}
