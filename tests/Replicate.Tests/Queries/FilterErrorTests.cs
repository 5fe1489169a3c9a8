using Replicate.Queries;

namespace Replicate.Tests.Queries;

public class FilterErrorTests
{
    [Theory]
    [InlineData("", "the name is missing")]
    [InlineData("   ", "the name is missing")]
    [InlineData(null, "the name is missing")]
    [InlineData("= 3", "the name is missing")]
    [InlineData("\"\" = 3", "the name is missing")]
    [InlineData("loss", "the operator is missing after 'loss'")]
    [InlineData("loss 0.2", "the operator is missing after 'loss 0.2'")]
    [InlineData("\"val loss\" 3", "the operator is missing after 'val loss'")]
    [InlineData("loss <", "the value is missing after '<'")]
    [InlineData("loss = ", "the value is missing after '='")]
    [InlineData("loss => 3", "there is no operator '=>'")]
    [InlineData("loss <> 3", "there is no operator '<>'")]
    [InlineData("loss === 3", "there is no operator '==='")]
    [InlineData("\"loss = 3", "the closing \" is missing")]
    [InlineData("'loss = 3", "the closing ' is missing")]
    [InlineData("user = \"ben", "the closing \" is missing")]
    [InlineData("user = \"ben\"\"", "the closing \" is missing")]
    [InlineData("user = 'ben' jones", "there is text after the quoted value")]
    public void The_error_says_what_is_missing(string? text, string reason)
    {
        var error = Assert.Throws<ReplicateException>(() => Filter.Parse(text!));
        Assert.Equal("InvalidFilter", error.Id);
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.Contains($"'{text}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
