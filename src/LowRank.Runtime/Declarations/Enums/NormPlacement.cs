namespace LowRank;

/// <summary>Where the norms of a sublayer f stand. A last norm stands before the head whichever it is.</summary>
public enum NormPlacement
{
    /// <summary>Before it: <c>x + f(norm(x))</c>, as in GPT-2 and LLaMA.</summary>
    Before,

    /// <summary>After it, where its output has not yet been added: <c>x + norm(f(x))</c>, as in OLMo 2 (arXiv:2501.00656).</summary>
    After,

    /// <summary>Before and after it, each with a gain of its own: <c>x + norm(f(norm(x)))</c>, as in Gemma 2 (arXiv:2408.00118).</summary>
    Both,
}
