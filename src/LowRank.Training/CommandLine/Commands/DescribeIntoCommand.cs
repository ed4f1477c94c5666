using System.CommandLine;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>
/// <c>describe-into FILE [MODEL]</c>: the process that a watch starts after each build. It writes a file, since a program may print
/// what it likes.
/// </summary>
internal static class DescribeIntoCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "describe-into";

    public static Command Create()
    {
        var file = new Argument<string>("FILE");
        var model = ModelArgument.Create();
        model.Arity = ArgumentArity.ZeroOrOne;
        var command = new Command(Name, "Write what a page shows of the models.") { file, model };
        command.Hidden = true;
        var options = DescriptionOptionSet.AddTo(command);
        command.SetAction(arguments =>
        {
            ModelDescriptions
                .Of(arguments.GetValue(model), entry => options.Request(arguments, entry))
                .Write(arguments.GetRequiredValue(file));
            return ExitCode.Success;
        });
        return command;
    }
}
