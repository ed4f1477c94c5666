using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace LowRank.Training.Files;

/// <summary>The process that holds a run's folder, as it describes itself to others.</summary>
/// <param name="Host">Its machine.</param>
/// <param name="ProcessId">Its number there.</param>
/// <param name="ProcessStarted">When it started, since numbers are given again.</param>
/// <param name="Since">When it took the folder.</param>
internal sealed record LockHolder(string Host, int ProcessId, DateTimeOffset ProcessStarted, DateTimeOffset Since)
{
    // The system reckons a process's start from that of the machine, not always to the same fraction of a second.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    /// <summary>This process, from now on.</summary>
    public static LockHolder Current()
    {
        using var process = Process.GetCurrentProcess();
        return new(Environment.MachineName, process.Id, process.StartTime.ToUniversalTime(), DateTimeOffset.UtcNow);
    }

    /// <summary>Whether it is a process of this machine.</summary>
    public bool IsHere => string.Equals(Host, Environment.MachineName, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a process of this machine still runs.</summary>
    public bool IsRunning
    {
        get
        {
            try
            {
                using var process = Process.GetProcessById(ProcessId);
                return (process.StartTime.ToUniversalTime() - ProcessStarted.UtcDateTime).Duration() < Tolerance;
            }
            catch (ArgumentException)
            {
                return false; // There is no process of this number.
            }
            catch (InvalidOperationException)
            {
                return false; // It has just ended.
            }
            catch (Win32Exception)
            {
                return true; // Another user's process, which may be the one.
            }
        }
    }

    /// <summary>What a file says of a holder; null where there is none, or it says nothing that can be understood.</summary>
    public static LockHolder? Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return JsonSerializer.Deserialize(stream, LockJson.Default.LockHolder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The file's text.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, LockJson.Default.LockHolder);

    /// <summary>Names it in a message.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"process {ProcessId} on {Host} since {Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
}
