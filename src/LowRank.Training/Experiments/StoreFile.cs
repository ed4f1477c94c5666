using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LowRank.Training.Experiments;

/// <summary>Reads what an experiment keeps as JSON; what is damaged is named and left as it is.</summary>
internal static class StoreFile
{
    /// <summary>A run's result.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
    public static StoredRun ReadRun(string path)
    {
        var run = Read(path, ExperimentJson.Default.StoredRun);
        Check(path, run.Plan);
        if (run.Result is null == run.Failure is null)
            throw Damaged(path, "it says neither or both of what the run reached and why it failed");
        return run;
    }

    /// <summary>A run's plan.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
    public static RunPlan ReadPlan(string path)
    {
        var plan = Read(path, ExperimentJson.Default.RunPlan);
        Check(path, plan);
        return plan;
    }

    private static T Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type) ?? throw Damaged(path, "it says nothing");
        }
        catch (JsonException exception)
        {
            var line = exception.LineNumber is { } number ? FormattableString.Invariant($" in line {number + 1}") : "";
            throw Damaged(
                path,
                exception.Path is { Length: > 2 } place ? $"'{place[2..]}'{line} can't be read" : $"it is no JSON of this kind{line}"
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Damaged(path, exception.Message.TrimEnd('.'));
        }
    }

    // Members that are missing, which a constructor takes as null.
    private static void Check(string path, RunPlan? plan)
    {
        if (plan is not { Id: not null, Contender: not null, Model: not null, Declared: not null, Options: not null, Corpus: not null })
            throw Damaged(path, "it doesn't say which run it is of");
    }

    private static InputException Damaged(string path, string how) =>
        new(
            $"'{path}' is damaged: {how}. Put a good copy in its place, or delete it to run that run again, which goes on from its last checkpoint."
        );
}
