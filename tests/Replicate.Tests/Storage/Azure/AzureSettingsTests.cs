using Replicate.Adapters.Azure;

namespace Replicate.Tests.Storage.Azure;

public class AzureSettingsTests
{
    [Theory]
    [InlineData(null, "https://iris.blob.core.windows.net/data")]
    [InlineData("https://iris.blob.core.windows.net/", "https://iris.blob.core.windows.net/data")]
    [InlineData("https://iris.privatelink.blob.core.windows.net", "https://iris.privatelink.blob.core.windows.net/data")]
    [InlineData("https://iris.z01.blob.storage.azure.net", "https://iris.z01.blob.storage.azure.net/data")]
    [InlineData("http://127.0.0.1:10000", "http://127.0.0.1:10000/iris/data")]
    [InlineData("http://127.0.0.1:10000/iris", "http://127.0.0.1:10000/iris/data")]
    [InlineData("http://127.0.0.1:34567/iris/", "http://127.0.0.1:34567/iris/data")]
    [InlineData("http://azurite:10000", "http://azurite:10000/iris/data")]
    public void A_container_is_where_its_account_is(string? endpoint, string expected) =>
        Assert.Equal(expected, new AzureSettings(endpoint).UriOf("iris", "data").AbsoluteUri);

    [Theory]
    [InlineData("https://other.blob.core.windows.net")]
    [InlineData("https://storage.example.org")]
    [InlineData("ftp://iris.example.org")]
    [InlineData("iris")]
    public void An_endpoint_of_another_account_is_refused(string endpoint) => Assert.Equal(
        "InvalidEndpoint", Assert.Throws<ReplicateException>(() => new AzureSettings(endpoint).UriOf("iris", "data")).Id);

    [Theory]
    [InlineData(null, "https://iris.blob.core.windows.net/data")]
    [InlineData("https://login.microsoftonline.com/", "https://iris.blob.core.windows.net/data")]
    [InlineData("https://login.microsoftonline.us", "https://iris.blob.core.usgovcloudapi.net/data")]
    [InlineData("https://login.chinacloudapi.cn/", "https://iris.blob.core.chinacloudapi.cn/data")]
    [InlineData("https://login.partner.microsoftonline.cn", "https://iris.blob.core.chinacloudapi.cn/data")]
    public void Who_signs_in_to_another_cloud_stores_there(string? authority, string expected) => Assert.Equal(
        expected, new AzureSettings(null, Suffix: AzureSettings.SuffixOf(authority)).UriOf("iris", "data").AbsoluteUri);
}
