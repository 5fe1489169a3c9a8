using Replicate.Reports;
using Replicate.Tests.Support;

namespace Replicate.Tests.Reports;

public sealed class SavedTextsTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData(new byte[] { (byte)'h', 0xc3, 0xa9 }, "hé")]
    [InlineData(new byte[] { (byte)'h', 0xe9, (byte)'!' }, "hé!")]
    [InlineData(new byte[] { 0xff, 0xfe, (byte)'h', 0, 0xe9, 0 }, "\ufeffhé")]
    [InlineData(new byte[] { (byte)'h', 0, 1 }, null)]
    public async Task A_report_shows_what_a_comparison_takes_for_text(byte[] content, string? text)
    {
        File.WriteAllBytes(_project.Directory.Combine("file"), content);
        var experiment = await _project.CreateAsync(path: "file");
        var saved = new SavedTexts();

        await saved.ReadAsync(experiment, null, TestContext.Current.CancellationToken);

        Assert.Equal(text is null, Assert.Single(saved.Contents).Lines is null);
        Assert.Equal(text is null ? [] : [text], saved.Lines);
    }

    [Theory]
    [InlineData(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 0 }, "png")]
    [InlineData(new byte[] { 0xff, 0xd8, 0xff, 0xe0 }, "jpeg")]
    [InlineData(new byte[] { (byte)'R', (byte)'I', (byte)'F', (byte)'F', 1, 0, 0, 0, (byte)'W', (byte)'E', (byte)'B', (byte)'P', 0 }, "webp")]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4, 0 }, null)]
    public async Task A_picture_is_known_by_its_first_bytes(byte[] content, string? format)
    {
        File.WriteAllBytes(_project.Directory.Combine("file.png"), content);
        var experiment = await _project.CreateAsync();
        var checkpoint = await experiment.AddAsync(path: "file.png");
        var saved = new SavedTexts();

        await saved.ReadImagesAsync(experiment, checkpoint, TestContext.Current.CancellationToken);

        Assert.Equal(format, Assert.Single(saved.Contents).Image?.Format);
        Assert.Equal("file.png", Assert.Single(saved.ImagesOf(checkpoint.Id)!).File.Path);
        Assert.Null(saved.Of(checkpoint.Id));
    }
}
