using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LowRank.Training.Distributed;

/// <summary>How a rank comes to rank 0.</summary>
internal static class ChannelVisit
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // Rank 0 gives up first, and says why.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Tries all places again and again until rank 0 is found at one of them.</summary>
    /// <exception cref="InputException">It isn't.</exception>
    public static ChannelConnection Connect(Rendezvous place, int rank, string host, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        var last = "";
        while (clock.Elapsed < patience)
        {
            foreach (var (address, port) in place.Places)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    using var limit = new CancellationTokenSource(ConnectPatience);
                    socket.ConnectAsync(new DnsEndPoint(address, port), limit.Token).AsTask().GetAwaiter().GetResult();
                    ChannelConnection.Configure(socket);
                    Handshake.Greet(socket, place.Key, rank, host);
                    return new ChannelConnection(socket, 0, address);
                }
                catch (Exception error) when (error is SocketException or OperationCanceledException or InvalidDataException)
                {
                    socket.Dispose();
                    last = error is OperationCanceledException ? "No answer." : error.Message;
                }
            }

            Thread.Sleep(Pause);
        }

        var tried = string.Join(", ", place.Places.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Host}:{one.Port}")));
        throw new InputException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Rank {rank} on {host} has not reached rank 0 within {Seconds(patience)} (tried {tried}; the last time: {last.TrimEnd('.')}). Either rank 0 has not started, or its machine can't be reached from here."
            )
        );
    }

    /// <summary>Waits until all ranks have come.</summary>
    /// <exception cref="RankFailedException">Rank 0 has given up, or died.</exception>
    public static void AwaitWelcome(ChannelConnection connection, TimeSpan patience)
    {
        RankFailure failure;
        if (!connection.Socket.Poll(patience + Grace, SelectMode.SelectRead))
            failure = new RankFailure(
                0,
                connection.Host,
                null,
                $"It has not said within {Seconds(patience + Grace)} that all ranks have come."
            );
        else if (connection.ReceiveFirst() is not { } message)
            failure = new RankFailure(0, connection.Host, null, null);
        else if (message.Kind == ChannelMessageKind.Failure)
            failure = message.TryToFailure() ?? new RankFailure(0, connection.Host, null, null);
        else
        {
            connection.Host = message.ToText();
            return;
        }

        connection.Dispose();
        throw new RankFailedException(failure);
    }

    /// <summary>A time in messages.</summary>
    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
