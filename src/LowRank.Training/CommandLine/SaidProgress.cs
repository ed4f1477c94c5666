namespace LowRank.Training.CommandLine;

/// <summary>Says each step on standard error at once; <see cref="Progress{T}"/> would from other threads, after what follows.</summary>
/// <param name="app">Where to say it.</param>
internal sealed class SaidProgress(AppSession app) : IProgress<string>
{
    public void Report(string value) => app.Say(value);
}
