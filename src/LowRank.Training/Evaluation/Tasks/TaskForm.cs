namespace LowRank.Training.Evaluation.Tasks;

/// <summary>
/// The forms of a task's records, one JSON object a line, and the prompts that are made of them: those of EleutherAI's
/// lm-evaluation-harness.
/// </summary>
public enum TaskForm
{
    /// <summary>HellaSwag (Zellers et al., 2019, arXiv:1905.07830): <c>ctx</c>, <c>endings</c>, <c>label</c>.</summary>
    HellaSwag,

    /// <summary>ARC (Clark et al., 2018, arXiv:1803.05457): <c>question</c>, <c>choices</c> of <c>text</c> and <c>label</c>,
    /// <c>answerKey</c>.</summary>
    Arc,

    /// <summary>PIQA (Bisk et al., 2019, arXiv:1911.11641): <c>goal</c>, <c>sol1</c>, <c>sol2</c>, <c>label</c>.</summary>
    Piqa,

    /// <summary>WinoGrande (Sakaguchi et al., 2019, arXiv:1907.10641): <c>sentence</c>, <c>option1</c>, <c>option2</c>,
    /// <c>answer</c>.</summary>
    WinoGrande,

    /// <summary>BoolQ (Clark et al., 2019, arXiv:1905.10044): <c>passage</c>, <c>question</c>, <c>answer</c>.</summary>
    BoolQ,

    /// <summary>LAMBADA (Paperno et al., 2016, arXiv:1606.06031): <c>text</c>, whose last word is to be found.</summary>
    Lambada,

    /// <summary>Any multiple choice: <c>context</c>, <c>choices</c>, <c>answer</c>.</summary>
    MultipleChoice,

    /// <summary>Any cloze: <c>context</c>, <c>target</c>.</summary>
    Cloze,
}
