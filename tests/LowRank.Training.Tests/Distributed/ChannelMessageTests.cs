using LowRank.Training.Distributed;

namespace LowRank.Training.Tests.Distributed;

public sealed class ChannelMessageTests
{
    [Theory]
    [InlineData(3, "The disk is full.")]
    [InlineData(null, null)]
    [InlineData(0, "")]
    [InlineData(-1, "Zeilen\nund Ümläute 🎉")]
    public void A_failure_is_read_as_it_was_written(int? exitCode, string? message)
    {
        var failure = new RankFailure(12, "node-12.example", exitCode, message);
        var bytes = ChannelMessage.Of(failure).ToBytes();
        Assert.True(ChannelMessage.TryRead(bytes, out var read, out var taken));
        Assert.Equal(bytes.Length, taken);
        Assert.Equal(failure, read.TryToFailure());
    }

    [Fact]
    public void A_long_text_is_cut()
    {
        var failure = ChannelMessage.Of(new RankFailure(0, "host", 1, new string('é', 100_000)));
        Assert.True(failure.Content.Length < ChannelMessage.MaxContent);
        Assert.EndsWith("é…", failure.TryToFailure()!.Message);
    }

    [Fact]
    public void Messages_are_taken_off_a_stream_one_by_one()
    {
        ChannelMessage[] sent =
        [
            ChannelMessage.Of(ChannelMessageKind.Welcome, "host"),
            new(ChannelMessageKind.Shared, new byte[300]),
            new(ChannelMessageKind.Goodbye, []),
        ];
        var stream = sent.SelectMany(message => message.ToBytes()).ToArray();
        var (start, read) = (0, new List<ChannelMessage>());
        for (var end = 0; end <= stream.Length; end++)
        {
            // A message is there with its last byte, and not before.
            while (ChannelMessage.TryRead(stream.AsSpan(start..end), out var message, out var taken))
            {
                Assert.Equal(end, start + taken);
                read.Add(message);
                start += taken;
            }
        }

        Assert.Equal(
            sent.Select(message => (message.Kind, message.Content.Length)),
            read.Select(message => (message.Kind, message.Content.Length))
        );
    }

    [Theory]
    [InlineData(9, 0, 0, 0, 0)]
    [InlineData(0, 0, 0, 0, 0)]
    [InlineData(1, 255, 255, 255, 255)]
    [InlineData(1, 1, 0, 1, 0)]
    public void What_is_no_message_is_refused(params int[] bytes) =>
        Assert.Throws<InvalidDataException>(() => ChannelMessage.TryRead([.. bytes.Select(one => (byte)one)], out _, out _));

    [Fact]
    public void A_failure_that_ends_early_is_refused()
    {
        var whole = ChannelMessage.Of(new RankFailure(1, "host", 1, "Why.")).Content;
        for (var length = 0; length < whole.Length; length++)
            Assert.Null(new ChannelMessage(ChannelMessageKind.Failure, whole[..length]).TryToFailure());
    }
}
