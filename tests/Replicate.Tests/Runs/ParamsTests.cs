using Replicate.Runs;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs;

public class ParamsTests
{
    [Theory]
    [InlineData("--learning_rate=0.01 --epochs 5", "epochs=5, learning_rate=0.01")]
    [InlineData("train.py --amp --batch-size 32 data.csv -v", "amp=true, batch_size=32, v=true")]
    [InlineData("--shift -1.5 --layers 1 --layers 2", "layers=[1,2], shift=-1.5")]
    [InlineData("optimizer=adam model.lr=1e-3 ./a=b", "model.lr=0.001, optimizer=adam")]
    [InlineData("--a 1 -- --b 2", "a=1")]
    public void Arguments_are_params(string arguments, string expected) =>
        Assert.Equal(expected, Value.MapFrom(ArgumentParams.Read(arguments.Split(' ')).ToDictionary()).ToString());

    [Fact]
    public void Yaml_and_json_files_are_params()
    {
        using var directory = new TemporaryDirectory();
        var yaml = directory.Write("params.yaml", "learning_rate: 0.01\nname: \"5\"\nlayers: [1, 2]\noptimizer:\n  kind: adam\n  decay: ~\nlimit: .inf\n");
        var json = directory.Write("params.json", """{"learning_rate": 0.01, "layers": [1, 2], "amp": true}""");

        Assert.Equal(
            """layers=[1,2], learning_rate=0.01, limit=[+Infinity], name=5, optimizer={"decay":null,"kind":"adam"}""",
            Value.MapFrom(ParamFile.Read(yaml).ToDictionary()).ToString().Replace("limit=Infinity", "limit=[+Infinity]", StringComparison.Ordinal));
        Assert.Equal("amp=true, layers=[1,2], learning_rate=0.01", Value.MapFrom(ParamFile.Read(json).ToDictionary()).ToString());
    }

    [Theory]
    [InlineData("params.json", "[1]", "ParamFileInvalid")]
    [InlineData("params.yaml", "a: [", "ParamFileInvalid")]
    [InlineData("other.yaml", "", "ParamFileNotFound")]
    public void A_file_of_something_else_is_refused(string name, string text, string id)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("params.json", text);
        directory.Write("params.yaml", text);
        Assert.Equal(id, Assert.Throws<ReplicateException>(() => ParamFile.Read(directory.Combine(name))).Id);
    }
}
