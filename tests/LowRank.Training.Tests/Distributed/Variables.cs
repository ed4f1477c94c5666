namespace LowRank.Training.Tests.Distributed;

/// <summary>Environments made by hand.</summary>
internal static class Variables
{
    /// <summary>From a text such as <c>RANK=0 WORLD_SIZE=2</c>.</summary>
    public static Func<string, string?> Of(string text)
    {
        var all = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(one => one.Split('=', 2))
            .ToDictionary(one => one[0], one => one[1]);
        return name => all.GetValueOrDefault(name);
    }
}
