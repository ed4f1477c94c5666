using System.Text;

namespace LowRank.Training.Tokenization.Splitting;

/// <summary>Where <see cref="MetaspaceStep"/> sets a sign of its own.</summary>
internal enum PrependScheme
{
    /// <summary>Before every piece.</summary>
    Always,

    /// <summary>Before the first.</summary>
    First,

    /// <summary>Nowhere.</summary>
    Never,
}

/// <summary><c>Metaspace</c>: spaces become a visible sign, at which words begin.</summary>
/// <param name="replacement">The sign, which is one character.</param>
/// <param name="scheme">Where one is set before a piece that begins with none.</param>
/// <param name="splits">Whether pieces are cut before each.</param>
internal sealed class MetaspaceStep(string replacement, PrependScheme scheme, bool splits) : SplitStep
{
    public override SplitRunner Start(SplitRunner next) => new Runner(Encoding.UTF8.GetBytes(replacement), scheme, splits, next);

    private sealed class Runner(byte[] sign, PrependScheme scheme, bool splits, SplitRunner next) : SplitRunner
    {
        public override void Take(ReadOnlySpan<byte> piece, bool isFirst)
        {
            var text = Utf8Replacement.Replace(piece, " "u8, sign);
            if ((scheme == PrependScheme.Always || (scheme == PrependScheme.First && isFirst)) && !text.StartsWith(sign))
                text = (byte[])[.. sign, .. text];
            if (!splits)
            {
                next.Take(text, isFirst);
                return;
            }

            for (var start = 0; start < text.Length; )
            {
                // Each sign begins a piece, also one behind another.
                var from = text[start..].StartsWith(sign) ? start + sign.Length : start;
                var found = text[from..].IndexOf(sign);
                var end = found < 0 ? text.Length : from + found;
                next.Take(text[start..end], isFirst && start == 0);
                start = end;
            }
        }
    }
}
