using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace LowRank.Training.Distributed;

/// <summary>How rank 0 receives the others. Strangers are let go without a word.</summary>
/// <param name="door">Where they come; is closed by <see cref="Dispose"/>.</param>
/// <param name="key">What they have to know.</param>
/// <param name="world">Number of ranks.</param>
internal sealed class ChannelEntrance(Socket door, byte[] key, int world) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly Lock entering = new();
    private readonly ChannelConnection?[] came = new ChannelConnection?[world];
    private string? complaint;

    /// <summary>Waits until all have come.</summary>
    /// <returns>Their connections, by rank.</returns>
    /// <exception cref="InputException">A rank has not come, or came twice. Those that came are told.</exception>
    public IReadOnlyList<ChannelConnection> AwaitAll(string host, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            lock (entering)
            {
                if (complaint is null && came.Skip(1).All(one => one is not null))
                    return [.. came.Skip(1).Select(one => one!)];
                if (clock.Elapsed > patience)
                    complaint ??= Missing(host, patience);
                if (complaint is not null)
                {
                    foreach (var connection in came)
                    {
                        connection?.Send(ChannelMessage.Of(new RankFailure(0, host, null, complaint)));
                        connection?.Dispose();
                    }

                    throw new InputException(complaint);
                }
            }

            if (door.Poll(Look, SelectMode.SelectRead))
            {
                var socket = door.Accept();
                // One who says nothing must not keep the others waiting.
                _ = Task.Factory.StartNew(
                    () => Admit(socket),
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                );
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => door.Dispose();

    private void Admit(Socket socket)
    {
        try
        {
            ChannelConnection.Configure(socket);
            var (rank, host) = Handshake.Admit(socket, key);
            var connection = new ChannelConnection(socket, rank, host);
            lock (entering)
            {
                if (rank > 0 && rank < world && came[rank] is null && complaint is null)
                {
                    came[rank] = connection;
                    return;
                }

                complaint ??= string.Create(
                    CultureInfo.InvariantCulture,
                    $"A process on {host} says that it is rank {rank} of {world}, {(rank > 0 && rank < world ? $"and so does one on {came[rank]?.Host}" : "which there isn't, or this one is it")}. Each process of a job needs a number of its own."
                );
                connection.Dispose();
            }
        }
        catch (Exception error) when (error is SocketException or InvalidDataException)
        {
            socket.Dispose();
        }
    }

    private string Missing(string host, TimeSpan patience)
    {
        var missing = Enumerable.Range(1, world - 1).Where(rank => came[rank] is null).ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(missing.Count == 1 ? "Rank" : "Ranks")} {string.Join(", ", missing)} of {world} did not come to rank 0 on {host} within {ChannelVisit.Seconds(patience)}. Either {(missing.Count == 1 ? "it has" : "they have")} not started, or can't reach that machine."
        );
    }
}
