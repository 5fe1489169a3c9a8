namespace Replicate.Archives.Writing;

/// <summary>The tar file as it is put together, cut into chunks of one length.</summary>
internal sealed class TarOutput(MemberWriter members)
{
    private TarChunk? _chunk;

    /// <summary>How much of the tar file there is.</summary>
    public long Position { get; private set; }

    /// <summary>Room for the next bytes, at least one; how many were put there, <see cref="Advance"/> has to be told.</summary>
    public async ValueTask<Memory<byte>> RoomAsync()
    {
        _chunk ??= await members.RentAsync();
        return _chunk.Free;
    }

    /// <summary>Takes the bytes that were put into the room.</summary>
    public void Advance(int count)
    {
        Position += count;
        _chunk!.Count += count;
        if (_chunk.Free.IsEmpty)
        {
            Flush();
        }
    }

    /// <summary>Adds bytes.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var room = await RoomAsync();
            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            Advance(count);
            bytes = bytes[count..];
        }
    }

    /// <summary>Adds zeros up to a whole tar block.</summary>
    public ValueTask PadAsync() => AppendAsync(new byte[TarHeader.Padded(Position) - Position]);

    /// <summary>Ends the tar file.</summary>
    public async Task CompleteAsync()
    {
        await AppendAsync(new byte[2 * TarHeader.Block]);
        Flush();
        await members.CompleteAsync();
    }

    private void Flush()
    {
        if (_chunk is not null)
        {
            members.Add(_chunk);
            _chunk = null;
        }
    }
}
