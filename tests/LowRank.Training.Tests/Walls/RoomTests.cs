using LowRank.Tests.Walls;
using LowRank.Training.Loop;

namespace LowRank.Training.Tests.Walls;

/// <summary>The folders of the library look in one direction: each knows those before it alone.</summary>
public sealed class RoomTests
{
    private static readonly string[] Rooms =
    [
        "Wording",
        "Files",
        "Json",
        "SafeTensors",
        "Distributed",
        "Tokenization",
        "Templates",
        "Documents",
        "Filtering",
        "Deduplication",
        "Data",
        "Conversations",
        "Pipelines",
        "Variations",
        "Weights",
        "Optimization",
        "Runs",
        "Scaling",
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

    private static readonly RoomOrder Order = new(typeof(Trainer).Assembly, "LowRank.Training", Rooms);

    public static TheoryData<string> AllRooms => [.. Rooms];

    [Theory]
    [MemberData(nameof(AllRooms))]
    public void A_room_knows_only_those_before_it(string room) => Order.AssertLooksBack(room);

    [Fact]
    public void Every_type_stands_in_a_room() => Order.AssertNoneIsHomeless();

    [Fact]
    public void Tests_stand_in_a_folder_of_the_name_of_the_room_that_they_are_about()
    {
        const string Root = "LowRank.Training.Tests.";
        var folders = typeof(RoomTests)
            .Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith(Root, StringComparison.Ordinal) == true)
            .Select(type => type.Namespace![Root.Length..].Split('.')[0]);
        Assert.Empty(folders.Distinct().Except([.. Rooms, "Walls"]));
    }

    [Fact]
    public void A_room_that_looks_back_is_noticed() =>
        // The rule itself: the command line does know the loop.
        Assert.Contains(
            Order.Knowing(new HashSet<string> { "Loop" }),
            type => type.Namespace!.StartsWith("LowRank.Training.CommandLine", StringComparison.Ordinal)
        );
}
