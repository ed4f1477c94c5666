using LowRank.Training.CommandLine;

namespace LowRank.EndToEnd.Tests.Processes;

/// <summary>A program of the tests' own models, run in their process.</summary>
internal static class InProcess
{
    public static async Task<(int Code, string Output, string Error)> Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await LowRankApp.RunAsync(arguments, null, output, error, TextReader.Null);
        return (code, output.ToString(), error.ToString());
    }
}
