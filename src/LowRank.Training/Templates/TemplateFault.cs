namespace LowRank.Training.Templates;

/// <summary>What went wrong within a rendering, before it is known where: a <see cref="TemplateException"/> says that.</summary>
/// <param name="what">What is wrong, without a full stop.</param>
internal sealed class TemplateFault(string what) : Exception(what);
