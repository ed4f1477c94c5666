namespace LowRank.Training.CommandLine;

/// <summary>The command line with which a stopped run goes on.</summary>
internal static class ResumeCommand
{
    /// <summary>The arguments that the run was started with, with its folder and <c>--resume</c>.</summary>
    public static string For(AppSession app, string folder)
    {
        var arguments = new List<string>();
        for (var index = 0; index < app.Arguments.Count; index++)
        {
            var argument = app.Arguments[index];
            if (argument == "--output")
                index++;
            else if (
                argument != "--resume"
                && !argument.StartsWith("--output=", StringComparison.Ordinal)
                && !argument.StartsWith("--output:", StringComparison.Ordinal)
            )
                arguments.Add(argument);
        }

        var command = (app.Ranks?.Prefix ?? "") + ShellText.Command([.. arguments, "--output", folder, "--resume"]);
        if (app.Ranks is { Prefix.Length: > 0 })
            command += "  # with the launcher's other options as before";
        // A shell passes over what follows #.
        return arguments.Exists(argument => argument is TextPreparation.StandardInput or "--text=-" or "--text:-")
            ? command + "  # with the same text on standard input again"
            : command;
    }
}
