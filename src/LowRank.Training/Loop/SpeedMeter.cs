namespace LowRank.Training.Loop;

/// <summary>Tokens per second, smoothed over about ten steps.</summary>
/// <param name="tokensPerStep">Tokens in one step.</param>
internal sealed class SpeedMeter(long tokensPerStep)
{
    private const double Weight = 0.1;
    private double secondsPerStep;

    /// <summary>Takes a step's time in.</summary>
    /// <param name="seconds">The step's time.</param>
    public double TokensPerSecond(double seconds)
    {
        secondsPerStep = secondsPerStep == 0 ? seconds : secondsPerStep + Weight * (seconds - secondsPerStep);
        return tokensPerStep / secondsPerStep;
    }
}
