namespace Replicate.Tests.Storage.Faults;

/// <summary>A request as the proxy sees it.</summary>
/// <param name="Number">Its number among all, from 1.</param>
/// <param name="Method">GET, PUT, …</param>
/// <param name="Target">Path and query.</param>
internal sealed record ProxiedRequest(int Number, string Method, string Target);

/// <summary>What goes wrong with a request.</summary>
internal abstract record Fault
{
    private Fault()
    {
    }

    /// <summary>It is answered with an error, and never reaches the server.</summary>
    /// <param name="Code">The status.</param>
    /// <param name="Headers">Headers, each as <c>Name: value</c>.</param>
    public sealed record Status(int Code, params string[] Headers) : Fault;

    /// <summary>The connection is reset when this much of its body was taken.</summary>
    public sealed record ResetWhileSent(long Bytes) : Fault;

    /// <summary>The server carries it out, but the connection is reset when this much of the answer was passed on, headers included.</summary>
    public sealed record ResetWhileAnswered(long Bytes) : Fault;

    /// <summary>Nothing happens for a while; then it goes on.</summary>
    public sealed record Silence(TimeSpan Time) : Fault;

    /// <summary>Nothing happens until a task is done; then it goes on.</summary>
    public sealed record Pause(Task End) : Fault;
}
