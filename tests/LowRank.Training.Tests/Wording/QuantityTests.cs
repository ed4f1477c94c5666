using LowRank.Training.Wording;

namespace LowRank.Training.Tests.Wording;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(7.34, "7.3 s")]
    [InlineData(59.96, "1 min 00 s")]
    [InlineData(245, "4 min 05 s")]
    [InlineData(11_520, "3 h 12 min")]
    [InlineData(1_267_920, "14 d 16 h")]
    [InlineData(double.NaN, "?")]
    public void Durations_have_their_two_largest_units(double seconds, string text) => Assert.Equal(text, Quantity.Duration(seconds));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.50 KiB")]
    [InlineData(20_000_000, "19.1 MiB")]
    [InlineData(200_000_000_000, "186 GiB")]
    public void Sizes_have_binary_units(long bytes, string text) => Assert.Equal(text, Quantity.Bytes(bytes));

    [Fact]
    public void Flops_have_three_figures() => Assert.Equal("2.10e20", Quantity.Flops(210_244_617_288_315_568_128m));

    [Theory]
    [InlineData(3, "20.09")]
    [InlineData(709, "8.22e307")]
    [InlineData(710, "above 1.79e308")]
    [InlineData(double.NaN, "NaN")]
    public void Perplexities_of_any_loss_are_written(double loss, string text) => Assert.Equal(text, Quantity.Perplexity(Math.Exp(loss)));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(2.5e-7, "250 ns")]
    [InlineData(5e-6, "5.00 µs")]
    [InlineData(9.999e-4, "1.00 ms")]
    [InlineData(0.0423, "42.3 ms")]
    [InlineData(0.171, "171 ms")]
    [InlineData(1.374, "1.37 s")]
    [InlineData(90, "1 min 30 s")]
    [InlineData(double.NaN, "?")]
    public void Short_times_have_three_figures(double seconds, string text) => Assert.Equal(text, Quantity.ShortTime(seconds));

    [Theory]
    [InlineData(2_500, "2500 B/s")]
    [InlineData(3.125e9, "3.125 GB/s")]
    [InlineData(5e10, "50 GB/s")]
    [InlineData(1.2e12, "1.2 TB/s")]
    public void Rates_are_in_decimal_units(double bytes, string text) => Assert.Equal(text, Quantity.BytesPerSecond(bytes));
}
