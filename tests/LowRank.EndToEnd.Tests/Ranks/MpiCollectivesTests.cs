using System.Globalization;

namespace LowRank.EndToEnd.Tests.Ranks;

/// <summary>Several processes under <c>mpirun</c>, more of them than there are cores.</summary>
[Collection(OnAllCores.Name)]
public sealed class MpiCollectivesTests
{
    [Theory(Skip = Mpirun.Missing, SkipUnless = nameof(Mpirun.IsThere), SkipType = typeof(Mpirun))]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Ranks_exchange_tensors_of_all_types_and_sizes(int ranks)
    {
        string[] scenarios = ["who", "sums", "parts", "copies", "helpers", "order", "bits", "faults", "share"];
        var (reports, exitCode, rest) = ProbeJob.Run(ranks, scenarios);
        Assert.Equal((0, ""), (exitCode, rest));
        Assert.All(reports, report => Assert.Null(report.Error));
        Assert.Equal(
            scenarios.SelectMany(name => Enumerable.Range(0, ranks).Select(rank => (name, rank))).Order(),
            reports.Select(report => (report.Scenario, report.Rank)).Order()
        );
        var of = reports.ToLookup(report => report.Scenario);

        foreach (var report in of["who"])
        {
            Assert.StartsWith($"{ranks} ranks of mpirun, all here; Open MPI ", report.Values["description"]);
            Assert.Equal($"{report.Rank} of {ranks}", report.Values["place"]);
            Assert.Equal(report.Rank == 0 ? "True" : "False", report.Values["first"]);
        }

        foreach (var (scenario, found) in ((string, int)[])[("sums", 4), ("parts", 8), ("copies", 4 * ranks)])
        {
            foreach (var report in of[scenario])
            {
                Assert.Equal(found, report.Values.Count);
                Assert.All(report.Values, value => Assert.Equal("right", value.Value));
            }
        }

        var total = Enumerable.Range(0, ranks).Sum();
        foreach (var report in of["helpers"])
        {
            Assert.Equal(
                (double[])[total, Tenths(ranks), 1e300 * total],
                report.Values["sums"].Split(' ').Select(one => double.Parse(one, CultureInfo.InvariantCulture)),
                (expected, actual) => Math.Abs(expected - actual) <= 1e-15 * Math.Abs(expected)
            );
            Assert.Equal("rank 1", report.Values["broadcast"]);
            Assert.Equal("0", report.Values["nothing"]);
            Assert.Equal(",b,cc,ddd"[..((ranks * (ranks + 1) / 2) - 1)], report.Values["gathered"]);
        }

        Assert.All(
            of["order"],
            report => Assert.Equal(ranks * ranks * ranks, int.Parse(report.Values["sums"], CultureInfo.InvariantCulture))
        );
        // One text: on all ranks, in all repeats.
        Assert.Equal(3 * ranks, of["bits"].Sum(report => report.Values.Count));
        Assert.Single(of["bits"].SelectMany(report => report.Values.Values).Distinct());
        foreach (var report in of["faults"])
            Assert.Equal(("NullReferenceException", "DivideByZeroException"), (report.Values["null"], report.Values["zero"]));
        Assert.All(of["share"], report => Assert.Equal(of["share"].Single(first => first.Rank == 0).Values, report.Values));
    }

    // Without recovery, mpirun would end the others at once, and they could say nothing.
    [Theory(Skip = Mpirun.Missing, SkipUnless = nameof(Mpirun.IsThere), SkipType = typeof(Mpirun))]
    [InlineData("failure", 3, "Rank 2 on HOST: The disk is full.")]
    [InlineData("failure-in-call", 2, "Rank 1 on HOST: The disk is full.")]
    [InlineData("death", 2, "Rank 1 on HOST died.")]
    [InlineData("death-in-call", 3, "Rank 2 on HOST died.")]
    public void The_others_hear_of_a_rank_that_ends_while_they_wait(string scenario, int ranks, string words)
    {
        var (reports, _, rest) = ProbeJob.Run(ranks, [scenario], "--enable-recovery");
        for (var rank = 0; rank < ranks - 1; rank++)
        {
            var report = Assert.Single(reports, report => report.Rank == rank);
            Assert.True(report.Error is null, report.Error);
            var heard = report.Values["heard"];
            Assert.StartsWith(words.Replace("HOST", Environment.MachineName, StringComparison.Ordinal), heard);
            // From the end to the news, on the clock that all processes of a machine share.
            Assert.InRange(report.Seconds, 0.1, 5);
        }

        Assert.DoesNotContain("Unhandled", rest);
    }

    private static double Tenths(int count) =>
        count switch
        {
            2 => 0.2,
            3 => 0.3,
            _ => 0.4,
        };
}
