using System.Net.Sockets;

namespace LowRank.Training.Distributed;

/// <summary>The connection to one other rank, after its handshake.</summary>
/// <param name="socket">The connection; belongs to this from now on.</param>
/// <param name="rank">Who is at its other end.</param>
/// <param name="host">The name of that machine.</param>
internal sealed class ChannelConnection(Socket socket, int rank, string host) : IDisposable
{
    // Milliseconds. Messages are short; only who doesn't take part leaves one waiting that long.
    private const int HandshakePatience = 5_000;

    private readonly Lock sending = new();
    private readonly List<byte> received = [];

    /// <summary>Who is at its other end.</summary>
    public int Rank => rank;

    /// <summary>The name of that machine.</summary>
    public string Host { get; set; } = host;

    /// <summary>For waiting until something comes.</summary>
    public Socket Socket => socket;

    /// <summary>Whether the other end has said goodbye, or is gone.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Settings that all of them have: small messages go at once, and a machine that vanished is noticed.</summary>
    public static void Configure(Socket socket)
    {
        socket.NoDelay = true;
        socket.SendTimeout = socket.ReceiveTimeout = HandshakePatience;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 2);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }

    /// <summary>Sends a message, unless the other end is gone; that is noticed where its messages are awaited.</summary>
    public void Send(ChannelMessage message)
    {
        ReadOnlySpan<byte> bytes = message.ToBytes();
        try
        {
            lock (sending)
            {
                while (!bytes.IsEmpty)
                    bytes = bytes[socket.Send(bytes)..];
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Gone.
        }
    }

    /// <summary>Takes what has come, at least a byte of it.</summary>
    /// <returns>The messages that are whole now; null once the other end is gone.</returns>
    public IReadOnlyList<ChannelMessage>? Receive()
    {
        var buffer = new byte[4096];
        List<ChannelMessage> messages = [];
        try
        {
            var count = socket.Receive(buffer);
            if (count == 0)
                return null;
            received.AddRange(buffer.AsSpan(0, count));
            while (ChannelMessage.TryRead(received.ToArray(), out var message, out var taken))
            {
                messages.Add(message);
                received.RemoveRange(0, taken);
            }

            return messages;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Takes a first message, and leaves what may have come after it.</summary>
    /// <returns>Null where the other end is gone.</returns>
    public ChannelMessage? ReceiveFirst()
    {
        var bytes = new byte[ChannelMessage.HeaderBytes + ChannelMessage.MaxContent];
        var count = 0;
        try
        {
            while (true)
            {
                // No byte of the next message may be taken.
                var needed = count < ChannelMessage.HeaderBytes ? ChannelMessage.HeaderBytes : ChannelMessage.LengthOf(bytes);
                if (count == needed && ChannelMessage.TryRead(bytes.AsSpan(0, count), out var message, out _))
                    return message;
                var taken = socket.Receive(bytes.AsSpan(count, needed - count));
                if (taken == 0)
                    return null;
                count += taken;
            }
        }
        catch (Exception error) when (error is SocketException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Ends both directions, so that nobody waits any more.</summary>
    public void Shutdown()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The other end was faster.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();
}
