using Replicate.Archives.Writing;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

public sealed class WritingTests : IDisposable
{
    private readonly TemporaryDirectory _project = new();

    public WritingTests()
    {
        var bytes = new byte[5 << 20];
        new Random(1).NextBytes(bytes);
        for (var i = 0; i < 8; i++)
        {
            File.WriteAllBytes(_project.Combine($"{i}"), bytes);
        }
    }

    public void Dispose() => _project.Dispose();

    [Fact]
    public async Task An_error_of_the_output_ends_the_work_and_nothing_is_written_after_it()
    {
        using var output = new BrokenStream(12 << 20, () => throw new IOException("The disk is full."));

        var exception = await Assert.ThrowsAsync<IOException>(() => ArchiveWriter.WriteAsync(
            Archive.Id, Archive.Select(_project), output, null, Archive.Token));

        Assert.Equal("The disk is full.", exception.Message);
        await AssertLeftAloneAsync(output);
    }

    [Fact]
    public async Task Cancelling_ends_the_work_and_nothing_is_written_after_it()
    {
        using var source = new CancellationTokenSource();
        using var output = new BrokenStream(12 << 20, source.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ArchiveWriter.WriteAsync(
            Archive.Id, Archive.Select(_project), output, null, source.Token));

        await AssertLeftAloneAsync(output);
    }

    [Fact]
    public async Task Who_fills_chunks_waits_for_who_writes_them()
    {
        var read = 0L;
        var mostAhead = 0L;
        using var output = new SlowStream(written => mostAhead = Math.Max(mostAhead, Interlocked.Read(ref read) - written));
        var progress = new LastReport(report => Interlocked.Exchange(ref read, report.Done));

        await ArchiveWriter.WriteAsync(Archive.Id, Archive.Select(_project), output, progress, Archive.Token);

        Assert.InRange(mostAhead, 0, (Environment.ProcessorCount + 3) * 2L << 20);
    }

    [Fact]
    public async Task The_level_can_be_chosen()
    {
        using var project = new TemporaryDirectory();
        project.Write("a", string.Concat(Enumerable.Range(0, 100_000)));

        async Task<long> LengthAsync(System.IO.Compression.CompressionLevel level) =>
            (await ArchiveWriter.WriteAsync(
                Archive.Id, Archive.Select(project), Stream.Null, new ArchiveOptions { Level = level }, null, Archive.Token)).Length;

        var stored = await LengthAsync(System.IO.Compression.CompressionLevel.NoCompression);
        var usual = await LengthAsync(System.IO.Compression.CompressionLevel.Optimal);
        Assert.True(stored > 488_890 && usual < stored / 2);
        Assert.True(await LengthAsync(System.IO.Compression.CompressionLevel.Fastest) is var fast && fast > usual && fast < stored);
    }

    private static async Task AssertLeftAloneAsync(BrokenStream output)
    {
        var written = output.ToArray();
        await Task.Delay(20, Archive.Token);
        Assert.Equal(written.Length, output.Length);
        Assert.Equal("ArchiveDamaged", (await Assert.ThrowsAsync<ReplicateException>(() => Archive.ListAsync(written))).Id);
    }

    /// <summary>Does something when so much was written.</summary>
    private sealed class BrokenStream(int after, Action action) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Length + buffer.Length > after)
            {
                action();
            }

            return base.WriteAsync(buffer, cancellationToken);
        }
    }

    private sealed class SlowStream(Action<long> onWrite) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            onWrite(Length);
            await Task.Delay(2, cancellationToken);
            await base.WriteAsync(buffer, cancellationToken);
        }
    }

    private sealed class LastReport(Action<Progress> action) : IProgress<Progress>
    {
        public void Report(Progress value) => action(value);
    }
}
