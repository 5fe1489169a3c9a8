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
}
