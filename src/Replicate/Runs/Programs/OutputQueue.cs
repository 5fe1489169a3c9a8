using System.Buffers;
using System.Collections.Concurrent;
using Replicate.Runs.Saves;

namespace Replicate.Runs.Programs;

/// <summary>
/// Hands pieces of output to one reader on a thread of its own, so that passing them on doesn't wait for it; a reader
/// that falls far behind slows the program instead of filling the memory.
/// </summary>
internal sealed class OutputQueue : IDisposable
{
    private const int Capacity = 64;

    private readonly BlockingCollection<(byte[] Bytes, int Length, bool IsError, Timestamp ReadAt, PrintedAt? Printed)> _pieces = new(Capacity);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TakeOutput _take;

    internal OutputQueue(TakeOutput take)
    {
        _take = take;
        new Thread(Read) { IsBackground = true, Name = "metrics" }.Start();
    }

    /// <summary>Takes a piece.</summary>
    internal delegate void TakeOutput(bool isError, ReadOnlySpan<byte> bytes, Timestamp readAt, PrintedAt? printed);

    /// <summary>Adds a copy of a piece; after <see cref="FinishAsync"/> nothing is taken any more.</summary>
    /// <param name="isError">Whether it is of the error output.</param>
    /// <param name="bytes">The piece.</param>
    /// <param name="printed">Where among the changes of files it was printed; null where nobody asks.</param>
    internal void Add(bool isError, ReadOnlySpan<byte> bytes, PrintedAt? printed)
    {
        var piece = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(piece);
        try
        {
            _pieces.Add((piece, bytes.Length, isError, Timestamp.Now, printed));
        }
        catch (InvalidOperationException)
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>Waits until all pieces are read.</summary>
    internal Task FinishAsync()
    {
        _pieces.CompleteAdding();
        return _done.Task;
    }

    /// <inheritdoc/>
    public void Dispose() => _pieces.CompleteAdding();

    private void Read()
    {
        try
        {
            foreach (var (bytes, length, isError, readAt, printed) in _pieces.GetConsumingEnumerable())
            {
                _take(isError, bytes.AsSpan(0, length), readAt, printed);
                ArrayPool<byte>.Shared.Return(bytes);
            }

            _done.SetResult();
        }
        catch (Exception e)
        {
            _pieces.CompleteAdding();
            _done.SetException(e);
        }
    }
}
