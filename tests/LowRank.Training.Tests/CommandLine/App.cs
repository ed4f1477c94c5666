using LowRank.Training.CommandLine;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>Runs the command line inside the test process and keeps what it printed.</summary>
internal static class App
{
    public static async Task<(int Code, string Output, string Error)> Run(
        string[] arguments,
        AppDefaults? defaults = null,
        TextWriter? error = null,
        string input = "",
        CancellationToken stop = default
    )
    {
        using var output = new StringWriter();
        error ??= new StringWriter();
        var code = await LowRankApp.RunAsync(arguments, defaults, output, error, new StringReader(input), stop);
        return (code, output.ToString(), error.ToString()!);
    }
}
