using LowRank.Training.Loop;
using NetArchTest.Rules;

namespace LowRank.Training.Tests.Walls;

/// <summary>The folders of the library look in one direction: each knows those before it alone.</summary>
public sealed class RoomTests
{
    private const string Root = "LowRank.Training";

    // The order of docs/architecture.md.
    private static readonly string[] Rooms =
    [
        "Wording",
        "Files",
        "Json",
        "SafeTensors",
        "Tokenization",
        "Data",
        "Weights",
        "Optimization",
        "Runs",
        "Evaluation",
        "FineTuning",
        "Checkpoints",
        "Loop",
        "Pretrained",
        "Generation",
        "Reporting",
        "Experiments",
        "CommandLine",
    ];

    public static TheoryData<string> AllRooms => [.. Rooms];

    [Theory]
    [MemberData(nameof(AllRooms))]
    public void A_room_knows_only_those_before_it(string room)
    {
        var later = Rooms.SkipWhile(other => other != room).Skip(1).Select(other => $"{Root}.{other}").ToArray();
        var types = Types.InAssembly(typeof(Trainer).Assembly).That().ResideInNamespace($"{Root}.{room}");
        Assert.NotEmpty(types.GetTypes());
        if (later.Length == 0)
            return;
        var result = types.ShouldNot().HaveDependencyOnAny(later).GetResult();
        Assert.True(result.IsSuccessful, $"{room} knows a later room: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }

    [Fact]
    public void Every_type_stands_in_a_room()
    {
        var homeless = typeof(Trainer)
            .Assembly.GetTypes()
            .Where(type => type.Namespace is { } place && place.StartsWith(Root, StringComparison.Ordinal) && place != Root)
            .Where(type => !Rooms.Contains(type.Namespace![(Root.Length + 1)..].Split('.')[0]));
        Assert.Empty(homeless);
    }

    [Fact]
    public void A_room_that_looks_back_is_noticed()
    {
        // The rule itself: the command line does know the loop.
        var looking = Types
            .InAssembly(typeof(Trainer).Assembly)
            .That()
            .ResideInNamespace($"{Root}.CommandLine")
            .And()
            .HaveDependencyOnAny($"{Root}.Loop")
            .GetTypes();
        Assert.NotEmpty(looking);
    }
}
