using System.Collections.Concurrent;
using System.Net.Sockets;

namespace LowRank.Training.Distributed;

/// <summary>
/// What the ranks say to each other beside their collective operations: that one has failed, and why. Each is connected with rank 0, which
/// passes on what it hears. A connection that closes without a goodbye means that its rank has died. The first failure is the one that all
/// hear of.
/// </summary>
internal sealed class ControlChannel : IDisposable
{
    // How long a rank that fails waits until all know, one whose operation failed for the reason, and rank 0 for the last goodbye.
    private static readonly TimeSpan EchoPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<ChannelConnection> connections;
    private readonly CancellationTokenSource broken = new();
    private readonly BlockingCollection<byte[]> shared = [];
    private readonly ManualResetEventSlim ended = new();
    private readonly Lock failing = new();
    private readonly TimeSpan patience;
    private readonly Thread listener;
    private volatile bool isClosing;
    private RankFailure? failure;

    private ControlChannel(int rank, int world, string host, IReadOnlyList<ChannelConnection> connections, TimeSpan patience)
    {
        (Rank, World, Host) = (rank, world, host);
        (this.connections, this.patience) = (connections, patience);
        // A thread of its own: the pool's may all be busy with training.
        listener = new Thread(Listen) { IsBackground = true, Name = "Ranks" };
        listener.Start();
    }

    /// <summary>This process, from 0.</summary>
    public int Rank { get; }

    /// <summary>Number of processes.</summary>
    public int World { get; }

    /// <summary>The name of this machine.</summary>
    public string Host { get; }

    /// <summary>Canceled once a rank, this one included, has failed or died.</summary>
    public CancellationToken Broken => broken.Token;

    /// <summary>Which one, and how; null while all are well. Set before <see cref="Broken"/> is canceled.</summary>
    public RankFailure? Failure => Volatile.Read(ref failure);

    /// <summary>Rank 0: waits until all others have come.</summary>
    /// <param name="door">Where they come; is closed afterwards.</param>
    /// <param name="key">What they have to know.</param>
    /// <param name="world">Number of ranks.</param>
    /// <param name="host">The name of this machine.</param>
    /// <param name="patience">How long is waited.</param>
    /// <exception cref="InputException">A rank has not come, or came twice.</exception>
    public static ControlChannel Lead(Socket door, byte[] key, int world, string host, TimeSpan patience)
    {
        using var entrance = new ChannelEntrance(door, key, world);
        var came = entrance.AwaitAll(host, patience);
        foreach (var connection in came)
            connection.Send(ChannelMessage.Of(ChannelMessageKind.Welcome, host));
        return new ControlChannel(0, world, host, came, patience);
    }

    /// <summary>Every other rank: comes to rank 0 and waits until all have.</summary>
    /// <param name="place">Where rank 0 is.</param>
    /// <param name="rank">This process.</param>
    /// <param name="world">Number of ranks.</param>
    /// <param name="host">The name of this machine.</param>
    /// <param name="patience">How long is waited.</param>
    /// <exception cref="InputException">Rank 0 can't be reached.</exception>
    /// <exception cref="RankFailedException">It has given up, or died.</exception>
    public static ControlChannel Come(Rendezvous place, int rank, int world, string host, TimeSpan patience)
    {
        var connection = ChannelVisit.Connect(place, rank, host, patience);
        ChannelVisit.AwaitWelcome(connection, patience);
        return new ControlChannel(rank, world, host, [connection], patience);
    }

    /// <summary>Lets all ranks know that this one ends the job, if none did before.</summary>
    /// <param name="exitCode">The exit code with which it ends.</param>
    /// <param name="message">Why, in sentences for the user.</param>
    /// <returns>The failure that all hear of: this one, or an earlier one.</returns>
    public RankFailure Fail(int exitCode, string message)
    {
        var own = new RankFailure(Rank, Host, exitCode, message);
        if (Rank == 0)
        {
            Report(own);
        }
        else
        {
            // Rank 0 says it to all, this one included; only then may the connection close.
            connections[0].Send(ChannelMessage.Of(own));
            _ = Broken.WaitHandle.WaitOne(EchoPatience);
            Report(own);
        }

        return Failure!;
    }

    /// <summary>Passes bytes on from rank 0 to all; every rank calls it, in the same order.</summary>
    /// <param name="mine">What rank 0 has to say, at most 64 KiB; the others' is not used.</param>
    /// <exception cref="RankFailedException">A rank has failed meanwhile, or rank 0 says nothing.</exception>
    public byte[] Share(byte[] mine)
    {
        if (Rank == 0)
        {
            foreach (var connection in connections)
                connection.Send(new ChannelMessage(ChannelMessageKind.Shared, mine));
            return mine;
        }

        try
        {
            if (shared.TryTake(out var theirs, (int)patience.TotalMilliseconds, Broken))
                return theirs;
        }
        catch (OperationCanceledException)
        {
            // Said below.
        }

        ThrowIfBroken();
        throw new RankFailedException(
            new RankFailure(0, connections[0].Host, null, $"It has sent nothing for {ChannelVisit.Seconds(patience)}.")
        );
    }

    /// <summary>Throws where a rank has failed.</summary>
    /// <exception cref="RankFailedException">One has.</exception>
    public void ThrowIfBroken()
    {
        if (Failure is { } known)
            throw new RankFailedException(known);
    }

    /// <summary>
    /// After an operation that failed here: throws where the reason is another rank, which may be known a moment later.
    /// </summary>
    /// <exception cref="RankFailedException">A rank has failed.</exception>
    public void AwaitFailure()
    {
        _ = Broken.WaitHandle.WaitOne(EchoPatience);
        ThrowIfBroken();
    }

    /// <summary>
    /// Says goodbye, unless the job has failed. Rank 0 hears the others' first, so that one that dies until then is missed.
    /// </summary>
    public void Dispose()
    {
        if (isClosing)
            return;
        if (Rank == 0 && Failure is null)
            _ = WaitHandle.WaitAny([ended.WaitHandle, Broken.WaitHandle], GoodbyePatience);
        isClosing = true;
        foreach (var connection in connections)
        {
            if (Failure is null)
                connection.Send(new ChannelMessage(ChannelMessageKind.Goodbye, []));
            connection.Shutdown();
        }

        listener.Join();
        foreach (var connection in connections)
            connection.Dispose();
        // The token source stays: who was given its token may still ask it.
    }

    private void Listen()
    {
        while (true)
        {
            var open = connections.Where(connection => !connection.HasEnded).ToDictionary(connection => connection.Socket);
            if (open.Count == 0)
                break;
            var readable = open.Keys.ToList();
            Socket.Select(readable, null, null, -1);
            foreach (var socket in readable)
                Hear(open[socket]);
        }

        ended.Set();
    }

    private void Hear(ChannelConnection connection)
    {
        if (connection.Receive() is not { } messages)
        {
            Miss(connection);
            return;
        }

        foreach (var message in messages)
        {
            switch (message.Kind)
            {
                case ChannelMessageKind.Failure:
                    if (message.TryToFailure() is { } said)
                        Report(said);
                    else
                        Miss(connection);
                    break;
                case ChannelMessageKind.Shared:
                    shared.Add(message.Content);
                    break;
                case ChannelMessageKind.Goodbye:
                    connection.HasEnded = true;
                    break;
            }
        }
    }

    private void Miss(ChannelConnection connection)
    {
        connection.HasEnded = true;
        if (!isClosing)
            Report(new RankFailure(connection.Rank, connection.Host, null, null));
    }

    private void Report(RankFailure first)
    {
        lock (failing)
        {
            if (failure is not null)
                return;
            failure = first;
        }

        if (Rank == 0)
        {
            foreach (var connection in connections)
                connection.Send(ChannelMessage.Of(first));
        }

        broken.Cancel();
    }
}
