using System.Net;
using System.Net.Sockets;
using System.Text;
using LowRank.Training.Distributed;

namespace LowRank.Training.Tests.Distributed;

/// <summary>Ranks that are threads of this process, over the loopback.</summary>
public sealed class ControlChannelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Something that takes milliseconds must have happened by then, however busy the machine is.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    public async Task A_failure_of_any_rank_is_heard_by_all(int world)
    {
        for (var failing = 0; failing < world; failing += Math.Max(1, world - 2))
        {
            var ranks = await Join(world);
            var heard = ranks[failing].Fail(3, "The disk is full.");
            Assert.Equal(new RankFailure(failing, $"host{failing}", 3, "The disk is full."), heard);
            foreach (var rank in ranks)
            {
                Assert.True(rank.Broken.WaitHandle.WaitOne(Limit));
                Assert.Equal(heard, rank.Failure);
                Assert.Equal(heard, Assert.Throws<RankFailedException>(rank.ThrowIfBroken).Failure);
            }

            Leave(ranks);
        }
    }

    [Fact]
    public async Task Of_several_failures_all_hear_of_the_same()
    {
        var ranks = await Join(5);
        var heard = await Task.WhenAll(ranks.Select(rank => OnThread(() => rank.Fail(1, $"Said by {rank.Rank}."))));
        Assert.Single(heard.Distinct());
        Leave(ranks);
    }

    [Fact]
    public async Task A_rank_whose_connection_closes_without_a_goodbye_has_died()
    {
        var (ranks, dying) = await JoinBesideOneThatDies(4);
        dying.Dispose();
        foreach (var rank in ranks)
        {
            Assert.True(rank.Broken.WaitHandle.WaitOne(Limit));
            Assert.Equal(new RankFailure(3, "host3", null, null), rank.Failure);
        }

        Assert.Equal("Rank 3 on host3 died.", Assert.Throws<RankFailedException>(ranks[1].ThrowIfBroken).Message);
        Leave(ranks);
    }

    [Fact]
    public async Task Rank_0_can_die_too()
    {
        // Played by hand: it admits the others, welcomes them, and is gone.
        var (place, door) = Rendezvous.Open(isLocal: true);
        var came = new[] { 1, 2 }.Select(rank => OnThread(() => ControlChannel.Come(place, rank, 3, $"host{rank}", Patience))).ToList();
        var sockets = new[] { door.Accept(), door.Accept() };
        foreach (var socket in sockets)
        {
            Handshake.Admit(socket, place.Key);
            socket.Send(ChannelMessage.Of(ChannelMessageKind.Welcome, "host0").ToBytes());
        }

        var ranks = await Task.WhenAll(came);
        Assert.All(ranks, rank => Assert.Null(rank.Failure));
        foreach (var socket in sockets)
            socket.Dispose();
        Assert.All(ranks, rank => Assert.True(rank.Broken.WaitHandle.WaitOne(Limit)));
        Assert.All(ranks, rank => Assert.Equal(new RankFailure(0, "host0", null, null), rank.Failure));
        Leave(ranks);
        door.Dispose();
    }

    [Fact]
    public async Task What_is_no_message_counts_as_a_death()
    {
        var (ranks, odd) = await JoinBesideOneThatDies(3);
        odd.Send([255, 255, 255, 255, 255, 255]);
        Assert.True(ranks[1].Broken.WaitHandle.WaitOne(Limit));
        Assert.Equal(2, ranks[1].Failure!.Rank);
        Leave(ranks);
    }

    [Fact]
    public async Task Who_says_goodbye_is_not_missed()
    {
        var (ranks, dying) = await JoinBesideOneThatDies(4);
        ranks[2].Dispose();
        await Task.Delay(100);
        Assert.All(ranks, rank => Assert.Null(rank.Failure));
        // A death after that is still noticed, and all hear of it.
        dying.Dispose();
        Assert.True(ranks[1].Broken.WaitHandle.WaitOne(Limit));
        Assert.Equal(3, ranks[1].Failure!.Rank);
        Leave(ranks);
    }

    [Fact]
    public async Task Rank_0_leaves_last()
    {
        var ranks = await Join(3);
        var first = OnThread(() =>
        {
            ranks[0].Dispose();
            return true;
        });
        await Task.Delay(100);
        Assert.False(first.IsCompleted);
        ranks[1].Dispose();
        ranks[2].Dispose();
        await first.WaitAsync(Limit);
        Assert.All(ranks, rank => Assert.Null(rank.Failure));
    }

    [Fact]
    public async Task Rank_0_passes_bytes_on()
    {
        var ranks = await Join(4);
        for (byte round = 0; round < 3; round++)
        {
            var said = Enumerable.Range(0, 128).Select(at => (byte)(at + round)).ToArray();
            var heard = await Task.WhenAll(ranks.Select(rank => OnThread(() => rank.Share(rank.Rank == 0 ? said : []))));
            Assert.All(heard, bytes => Assert.Equal(said, bytes));
        }

        // A rank that waits for bytes hears of a failure instead.
        var waiting = OnThread(() => ranks[1].Share([]));
        ranks[3].Fail(2, "No such file.");
        Assert.Equal(3, (await Assert.ThrowsAsync<RankFailedException>(() => waiting.WaitAsync(Limit))).Failure.Rank);
        Leave(ranks);
    }

    [Fact]
    public async Task Strangers_are_let_go_and_keep_nobody_waiting()
    {
        var (place, door) = Rendezvous.Open(isLocal: true);
        var first = OnThread(() => ControlChannel.Lead(door, place.Key, 3, "host0", Patience));
        var port = place.Places[0].Port;
        using var silent = new TcpClient();
        await silent.ConnectAsync(IPAddress.Loopback, port);
        using var browser = new TcpClient();
        await browser.ConnectAsync(IPAddress.Loopback, port);
        await browser
            .GetStream()
            .WriteAsync(Encoding.UTF8.GetBytes($"GET / HTTP/1.1\r\nHost: localhost\r\n{new string('x', 100)}\r\n\r\n"));
        // One that speaks our language and has another job's key.
        var stranger = place with
        {
            Key = new byte[Rendezvous.KeyBytes],
        };
        var refused = Assert.Throws<InputException>(() =>
            ControlChannel.Come(stranger, 1, 3, "elsewhere", TimeSpan.FromSeconds(0.3)).Dispose()
        );
        Assert.Contains("has not reached rank 0", refused.Message);

        var others = await Task.WhenAll(
            new[] { 1, 2 }.Select(rank => OnThread(() => ControlChannel.Come(place, rank, 3, $"host{rank}", Patience)))
        );
        ControlChannel[] ranks = [await first, .. others];
        await Assert.ThrowsAnyAsync<IOException>(() => browser.GetStream().ReadExactlyAsync(new byte[1]).AsTask().WaitAsync(Limit));
        Assert.Equal("host2", ranks[2].Fail(1, "Ended.").Host);
        Assert.True(ranks[1].Broken.WaitHandle.WaitOne(Limit));
        Leave(ranks);
    }

    [Fact]
    public async Task Ranks_that_never_came_are_named_on_all_that_did()
    {
        var (place, door) = Rendezvous.Open(isLocal: true);
        // They are at the door before it is opened, and within a time that a busy machine keeps.
        var came = new[] { 1, 3 }.Select(rank => OnThread(() => ControlChannel.Come(place, rank, 5, $"host{rank}", Patience))).ToList();
        var first = OnThread(() => ControlChannel.Lead(door, place.Key, 5, "host0", TimeSpan.FromSeconds(3)));
        const string Expected = "Ranks 2, 4 of 5 did not come to rank 0 on host0 within 3 s.";
        Assert.StartsWith(Expected, (await Assert.ThrowsAsync<InputException>(() => first)).Message);
        foreach (var one in came)
            Assert.StartsWith(Expected, (await Assert.ThrowsAsync<RankFailedException>(() => one.WaitAsync(Limit))).Failure.Message);
    }

    [Fact]
    public async Task A_rank_that_came_twice_is_refused()
    {
        var (place, door) = Rendezvous.Open(isLocal: true);
        var first = OnThread(() => ControlChannel.Lead(door, place.Key, 3, "host0", Patience));
        var came = new[] { "a", "b" }.Select(host => OnThread(() => ControlChannel.Come(place, 1, 3, host, Patience))).ToList();
        Assert.Contains("says that it is rank 1 of 3, and so does one on", (await Assert.ThrowsAsync<InputException>(() => first)).Message);
        foreach (var one in came)
            await Assert.ThrowsAsync<RankFailedException>(() => one.WaitAsync(Limit));
    }

    [Fact]
    public async Task Ranks_of_torchrun_meet_beside_the_port_of_its_agent()
    {
        // The agent listens on the port that is named, and somebody else on the next one.
        var (agent, other) = TwoNeighbors();
        var port = ((IPEndPoint)agent.LocalEndpoint).Port;
        Launcher Rank(int rank) =>
            Launcher.Find(
                Variables.Of(
                    $"RANK={rank} WORLD_SIZE=2 LOCAL_RANK={rank} LOCAL_WORLD_SIZE=2 MASTER_ADDR=127.0.0.1 MASTER_PORT={port} TORCHELASTIC_RUN_ID=x"
                )
            )!;
        var place = Rendezvous.Of(Rank(0));
        var first = OnThread(() => ControlChannel.Lead(place.OpenHere(isLocal: true), place.Key, 2, "host0", Patience));
        // Who listens on the other port closes what comes.
        _ = OnThread(() => Refuse(other));
        var second = await OnThread(() => ControlChannel.Come(Rendezvous.Of(Rank(1)), 1, 2, "host1", Patience));
        Assert.Equal([1, 2], second.Share((await first).Share([1, 2])));
        Leave([await first, second]);
        agent.Stop();
        other.Dispose();
    }

    [Fact]
    public void Where_rank_0_is_can_be_passed_on()
    {
        var (place, door) = Rendezvous.Open(isLocal: false);
        door.Dispose();
        var bytes = place.ToBytes();
        Assert.Equal(Rendezvous.Bytes, bytes.Length);
        var read = Rendezvous.From(bytes);
        Assert.Equal(place.Places, read.Places);
        Assert.Equal(place.Key, read.Key);
        Assert.NotEmpty(read.Places);
    }

    // The next port may be anybody's on a machine that does other things.
    private static (TcpListener Agent, Socket Other) TwoNeighbors()
    {
        for (var attempt = 0; ; attempt++)
        {
            var agent = new TcpListener(IPAddress.Loopback, 0);
            var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                agent.Start();
                other.Bind(new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)agent.LocalEndpoint).Port + 1));
                other.Listen();
                return (agent, other);
            }
            catch (Exception error) when (error is SocketException or ArgumentOutOfRangeException && attempt < 50)
            {
                agent.Stop();
                other.Dispose();
            }
        }
    }

    private static int Refuse(Socket door)
    {
        var refused = 0;
        try
        {
            for (; ; refused++)
                door.Accept().Dispose();
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return refused;
        }
    }

    private static async Task<ControlChannel[]> Join(int world)
    {
        var (place, door) = Rendezvous.Open(isLocal: true);
        var first = OnThread(() => ControlChannel.Lead(door, place.Key, world, "host0", Patience));
        // Asked for at once: what is lazy would begin after the first has given up.
        var others = Task.WhenAll(
            Enumerable.Range(1, world - 1).Select(rank => OnThread(() => ControlChannel.Come(place, rank, world, $"host{rank}", Patience)))
        );
        return [await first, .. await others];
    }

    // The last rank is a mere connection, which a test can cut.
    private static async Task<(ControlChannel[] Others, Socket Dying)> JoinBesideOneThatDies(int world)
    {
        var (place, door) = Rendezvous.Open(isLocal: true);
        var first = OnThread(() => ControlChannel.Lead(door, place.Key, world, "host0", Patience));
        // Asked for at once: what is lazy would begin after the first has given up.
        var others = Task.WhenAll(
            Enumerable.Range(1, world - 2).Select(rank => OnThread(() => ControlChannel.Come(place, rank, world, $"host{rank}", Patience)))
        );
        var dying = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await dying.ConnectAsync(IPAddress.Loopback, place.Places[0].Port);
        Handshake.Greet(dying, place.Key, world - 1, $"host{world - 1}");
        return ([await first, .. await others], dying);
    }

    // Ranks wait for each other: on the pool's few threads, some would never begin.
    private static Task<T> OnThread<T>(Func<T> act) =>
        Task.Factory.StartNew(act, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Leave(IEnumerable<ControlChannel> ranks)
    {
        foreach (var rank in ranks.Reverse())
            rank.Dispose();
    }
}
