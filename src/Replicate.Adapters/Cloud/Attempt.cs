namespace Replicate.Adapters.Cloud;

/// <summary>One try of a request, given up when nothing moves for a while.</summary>
internal sealed class Attempt(int number, CancellationTokenSource silence)
{
    /// <summary>Which try it is, from 1: before a later one the store may have done what was asked without saying so.</summary>
    public int Number { get; } = number;

    /// <summary>Ends the try, because the user wants it or because nothing moved.</summary>
    public CancellationToken Token => silence.Token;

    /// <summary>Whether bytes of an answer came.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>Begins the wait anew: something came.</summary>
    public void MovedIn()
    {
        IsAnswered = true;
        silence.CancelAfter(Retry.Silence);
    }

    /// <summary>Begins the wait anew: what came before the request, such as signing in, is done.</summary>
    public void Begin() => silence.CancelAfter(Retry.Silence);

    /// <summary>Begins the wait anew, a longer one: what was sent may still be on its way, or takes long to work on.</summary>
    public void MovedOut() => silence.CancelAfter(Retry.LongSilence);
}
