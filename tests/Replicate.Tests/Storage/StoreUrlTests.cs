using Replicate.Adapters;
using Replicate.Storage;

namespace Replicate.Tests.Storage;

public class StoreUrlTests
{
    [Theory]
    [InlineData("file://.replicate", "file:///project/.replicate")]
    [InlineData("file://a/../b//c/", "file:///project/b/c")]
    [InlineData("file://../shared", "file:///shared")]
    [InlineData("file://.", "file:///project")]
    [InlineData("file:///data/repository/", "file:///data/repository")]
    [InlineData("file:///", "file:///")]
    [InlineData("FILE://a", "file:///project/a")]
    [InlineData("file://50%/a%20b#c?d@e:f", "file:///project/50%/a%20b#c?d@e:f")]
    public void A_path_becomes_absolute_and_is_otherwise_taken_literally(string url, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Paths of other systems.");
        Assert.Equal(expected, StoreUrl.Normalize(url, "/project"));
        Assert.Equal(expected["file://".Length..], StoreUrl.ToDirectory(expected));
        Assert.Equal(expected, ObjectStores.Open(expected).Url);
    }

    [Theory]
    [InlineData("file://C:/data", "file:///C:/data")]
    [InlineData("file:///C:/data/", "file:///C:/data")]
    [InlineData(@"file://C:\data", "file:///C:/data")]
    [InlineData(@"file://.replicate", "file:///D:/project/.replicate")]
    [InlineData(@"file://\\server\share\x", "file:////server/share/x")]
    public void A_drive_is_absolute_with_and_without_a_slash(string url, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "Paths of Windows.");
        Assert.Equal(expected, StoreUrl.Normalize(url, @"D:\project"));
        Assert.Equal(expected, ObjectStores.Open(expected).Url);
    }

    [Theory]
    [InlineData("s3://hotdogs", "s3://hotdogs")]
    [InlineData("s3://hotdogs/", "s3://hotdogs")]
    [InlineData("gs://hotdogs/a/b c/", "gs://hotdogs/a/b c")]
    [InlineData("S3://hotdogs/A", "s3://hotdogs/A")]
    [InlineData("az://bakery/hotdogs", "az://bakery/hotdogs")]
    [InlineData("AZ://bakery/hotdogs/a/b c/", "az://bakery/hotdogs/a/b c")]
    public void A_bucket_has_a_root_or_none(string url, string expected)
    {
        Assert.Equal(expected, StoreUrl.Normalize(url, Path.GetTempPath()));
        Assert.Null(StoreUrl.ToDirectory(expected));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hotdogs")]
    [InlineData("/data/repository")]
    [InlineData("s3:/hotdogs")]
    [InlineData("https://hotdogs.example")]
    [InlineData("azure://hotdogs")]
    public void Another_scheme_or_none_is_an_error_that_lists_all(string url)
    {
        var error = Assert.Throws<ReplicateException>(() => StoreUrl.Normalize(url, Path.GetTempPath()));

        Assert.Equal("UnknownScheme", error.Id);
        Assert.All(["file://", "s3://", "gs://", "az://"], (string scheme) => Assert.Contains(scheme, error.RecommendedAction));
    }

    [Theory]
    [InlineData("file://")]
    [InlineData("s3://")]
    [InlineData("gs:///root")]
    [InlineData("az://bakery")]
    [InlineData("az:///hotdogs")]
    [InlineData("az://bakery//root")]
    [InlineData("az://evil.example#/hotdogs")]
    [InlineData("az://evil.example\\/hotdogs")]
    [InlineData("az://Bakery/hotdogs")]
    public void A_url_that_names_no_place_is_an_error(string url) =>
        Assert.Equal("InvalidRepositoryUrl", Assert.Throws<ReplicateException>(() => StoreUrl.Normalize(url, Path.GetTempPath())).Id);

    [Theory]
    [InlineData("s3://AKIA:hush@hotdogs")]
    [InlineData("s3://AKIA:hu/hush@hotdogs/root")]
    [InlineData("gs://hush@hotdogs")]
    [InlineData("az://bakery:hush@host/hotdogs")]
    [InlineData("az://bakery/hotdogs?sv=2024-11-04&sig=hush")]
    [InlineData("az://bakery/hotdogs/root?sig=hush")]
    [InlineData("https://bakery.blob.core.windows.net/hotdogs?sig=hush")]
    [InlineData("https://ben:hush@hotdogs")]
    [InlineData("ben:hush@hotdogs")]
    public void A_secret_in_a_url_is_refused_and_not_repeated(string url)
    {
        var error = Assert.Throws<ReplicateException>(() => StoreUrl.Normalize(url, Path.GetTempPath()));

        Assert.DoesNotContain("hush", error.Message + error.RecommendedAction);
    }
}
