using System.CommandLine;
using System.Text;
using LowRank.Training.Checkpoints;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Files;
using LowRank.Training.Loop;
using LowRank.Training.Reporting.Charts;
using LowRank.Training.Reporting.Comparing;
using LowRank.Training.Reporting.Pages;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>compare MODEL</c>: trains the variants one after the other on the same text and reports them side by side.</summary>
internal static class CompareCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "compare";

    public static Command Create(AppSession app)
    {
        var model = ModelArgument.Create();
        var variants = VariantOption.Several();
        var json = JsonOption.Create();
        var training = new TrainingOptionSet(isComparison: true);
        var corpus = new CorpusOptionSet();
        var tokenizer = new TokenizerOption();
        var command = new Command(Name, "Train a model's variants on the same text and report them side by side.")
        {
            model,
            variants,
            json,
        };
        training.AddTo(command, withFrom: false);
        corpus.AddTo(command);
        tokenizer.AddTo(command);
        command.SetAction(arguments =>
        {
            var entry = ModelLookup.Find(arguments.GetRequiredValue(model));
            var chosen = VariantOption.ChooseSeveral(entry, arguments.GetValue(variants));
            foreach (var variant in chosen)
                StartingPoint.RefuseIfNeeded(entry, variant);
            var defaults = DefaultsOf.Model(app, entry);
            var options = training.Read(app, arguments, entry, defaults.Training);
            // Before the first variant has been trained for hours.
            foreach (var variant in chosen)
            {
                TrainingOptionsCheck.ValidateVariant(options, entry, variant);
                TrainingOptionsCheck.ValidateMemory(options, entry, variant);
                WritableFolder.Check(Path.Combine(options.Output!, variant.Key()), "--output");
            }

            var read = corpus.Read(arguments, tokenizer.Read(arguments, defaults.Corpus), entry.Vocabulary());
            OutputWithinText.Refuse(options.Output!, "--output", read.TextPaths);
            using var reserved = training.Reserve(app, entry, ref options);
            foreach (var variant in chosen)
                RunBeginning.Check(entry, variant, options with { Output = Path.Combine(options.Output!, variant.Key()) });
            DesignRemarks.Say(app, entry);
            using var data = TextPreparation.Prepare(app, read);
            training.NoteShortText(app, arguments, options, data);
            RunLength.Say(app, options, data);
            // The comparison's folder; every run takes its own beneath it while it trains.
            using var held = RunFolder.Take(app, options.Output!, reserved);
            var runs = new List<RunResult>();
            for (var index = 0; index < chosen.Count; index++)
            {
                runs.Add(
                    VariantRun.Train(
                        app,
                        entry,
                        chosen[index],
                        data,
                        options with
                        {
                            Output = Path.Combine(options.Output!, chosen[index].Key()),
                        },
                        saveRetry: training.SaveRetry(arguments),
                        laterFlops: chosen.Skip(index + 1).Sum(variant => DensePhase.Flops(entry, variant, options))
                    )
                );
                if (runs[^1].Stopped)
                    break;
            }

            if (!app.IsFirst)
                return ExitCode.Success;
            var comparison = new Comparison(entry, options, data.Description, runs, ShellText.Command(app.Arguments));
            Report(app, comparison, arguments.GetValue(json));
            if (arguments.GetValue(variants) is null && VariantOption.LeftOut(entry) is { } note)
                app.Say(note);
            return runs[^1].Stopped ? Stopped(app, options, runs[^1]) : ExitCode.Success;
        });
        return command;
    }

    private static void Report(AppSession app, Comparison comparison, bool asJson)
    {
        var folder = comparison.Options.Output!;
        ResultsFile.Write(Path.Combine(folder, ResultsFile.Name), comparison.Runs);
        ChartFiles.Write(folder, comparison.Entry.Name, comparison.Runs, app.Say);
        ComparisonPage.Write(Path.Combine(folder, ComparisonPage.Name), comparison, app.Say);
        if (asJson)
        {
            using var document = new MemoryStream();
            ResultsFile.Write(document, comparison.Runs);
            app.Console.Output.WriteLine(Encoding.UTF8.GetString(document.ToArray()));
            return;
        }

        app.Console.Results.Write(ComparisonTable.ForConsole(comparison.Runs));
        if (FlopMatchedLine.Of(comparison.Entry, comparison.Runs) is { } matched)
            app.Console.Output.WriteLine(matched);
        app.Console.Output.WriteLine(
            $"The report is {Path.Combine(folder, ComparisonPage.Name)}; {ResultsFile.Name} and the charts lie beside it."
        );
    }

    private static int Stopped(AppSession app, TrainingOptions options, RunResult last)
    {
        app.Say(
            $"Stopped in the {last.Variant.Title()} run after step {last.Steps} of {options.Steps}; it is saved in {last.Checkpoint}. To go on:"
        );
        app.Say(ResumeCommand.For(app, options.Output!));
        return app.Signals.ExitCodeWhenStopped;
    }
}
