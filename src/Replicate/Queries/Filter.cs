namespace Replicate.Queries;

/// <summary>A condition on experiments: <c>&lt;name&gt; &lt;operator&gt; &lt;value&gt;</c>.</summary>
public sealed class Filter
{
    /// <summary>Reads a condition such as <c>loss &lt; 0.2</c>, <c>"val.loss" != null</c> or <c>status = running</c>.</summary>
    /// <exception cref="ReplicateException">It is no condition (<c>InvalidFilter</c>); the message says what is missing.</exception>
    public static Filter Parse(string text) => throw new NotImplementedException();

    /// <summary>Whether the experiment fulfils the condition. Never throws.</summary>
    public bool Matches(Experiment experiment) => throw new NotImplementedException();
}
