namespace LowRank.Training.CommandLine;

/// <summary>The exit codes of the program, as shells know them.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>Something failed that the user could not have known; a run that diverged is one.</summary>
    public const int Failure = 1;

    /// <summary>What the user gave cannot be used.</summary>
    public const int WrongInput = 2;

    /// <summary>Stopped by SIGHUP, since its terminal was closed: 128 + 1.</summary>
    public const int HungUp = 129;

    /// <summary>Stopped by Ctrl-C: 128 + SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>Stopped by SIGTERM: 128 + 15.</summary>
    public const int Terminated = 143;
}
