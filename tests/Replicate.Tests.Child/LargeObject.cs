using System.Diagnostics;
using System.Security.Cryptography;
using Replicate.Adapters;
using Replicate.Storage;

/// <summary>Takes a large object through a store, and says by how many bytes the process grew.</summary>
internal static class LargeObject
{
    public static async Task RunAsync(string url, int length)
    {
        Task WriteAsync(Stream stream, CancellationToken cancellationToken) => WriteRandomAsync(stream, length, cancellationToken);

        var store = ObjectStores.Open(url);
        await store.PutAsync("small", ObjectContent.FromBytes(new byte[100_000]));
        await store.ReadAsync("small");
        using var process = Process.GetCurrentProcess();
        var baseline = process.WorkingSet64;

        await store.PutAsync("written", ObjectContent.FromWriter(WriteAsync));
        var file = Path.GetTempFileName();
        try
        {
            await using (var stream = File.OpenWrite(file))
            {
                await WriteAsync(stream, CancellationToken.None);
            }

            await store.PutAsync("file", ObjectContent.FromFile(file));
            await using var content = File.OpenRead(file);
            var expected = Convert.ToHexString(await SHA256.HashDataAsync(content));
            foreach (var key in new[] { "written", "file" })
            {
                await using var read = await store.OpenReadAsync(key);
                if (Convert.ToHexString(await SHA256.HashDataAsync(read!)) != expected)
                {
                    throw new InvalidDataException($"'{key}' is not what was put.");
                }
            }
        }
        finally
        {
            File.Delete(file);
        }

        process.Refresh();
        Console.WriteLine(process.PeakWorkingSet64 - baseline);
    }

    private static async Task WriteRandomAsync(Stream stream, int length, CancellationToken cancellationToken)
    {
        var random = new Random(1);
        var block = new byte[100_000];
        for (var written = 0; written < length; written += block.Length)
        {
            random.NextBytes(block);
            await stream.WriteAsync(block, cancellationToken);
        }
    }
}
