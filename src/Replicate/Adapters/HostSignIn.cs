namespace Replicate.Adapters;

/// <summary>A token that lets its bearer into a cloud.</summary>
/// <param name="Text">The token: a secret.</param>
/// <param name="Expires">When it expires.</param>
internal sealed record HostToken(string Text, DateTimeOffset Expires);

/// <summary>Whoever is signed in to a cloud in the program around the engine, which is asked before all others.</summary>
internal static class HostSignIn
{
    /// <summary>
    /// Finds a token for a resource, such as <c>https://storage.azure.com/</c>; null, or a result of null, where nobody is signed in
    /// there. It is called from any thread.
    /// </summary>
    public static Func<string, CancellationToken, Task<HostToken?>>? Find { get; set; }
}
